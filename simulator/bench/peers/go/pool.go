// SPDX-License-Identifier: MIT

package main

import (
	"context"

	"github.com/jackc/pgconn"
	"github.com/jackc/pgx/v4/pgxpool"
)

type pgError = pgconn.PgError

func openPool(config string) (*pgxpool.Pool, error) {
	return pgxpool.Connect(context.Background(), config)
}
