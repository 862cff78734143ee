// SPDX-License-Identifier: MIT

//go:build pgx5

package main

import (
	"context"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

type pgError = pgconn.PgError

func openPool(config string) (*pgxpool.Pool, error) {
	return pgxpool.New(context.Background(), config)
}
