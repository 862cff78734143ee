// SPDX-License-Identifier: MIT

// The declaration as a Go service of net/http and pgx would take it.
// Environment: DATABASE_URL, PORT, TOKEN (the firm's key), STATEMENT (a file), CONNECTIONS.
package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"os"
	"regexp"
	"time"
)

type declaration struct {
	Gate      string    `json:"gate"`
	Direction string    `json:"direction"`
	Planned   time.Time `json:"planned_arrival"`
	Customs   []struct {
		Number string `json:"number"`
		Type   string `json:"type"`
		Office string `json:"office"`
	} `json:"customs_declarations"`
	Vehicles []struct {
		Plate       string `json:"plate"`
		Nationality string `json:"nationality"`
		Class       string `json:"class"`
		Seal        string `json:"seal"`
		Driver      struct {
			Name     string `json:"name"`
			Phone    string `json:"phone"`
			Document struct {
				Type   string `json:"type"`
				Number string `json:"number"`
			} `json:"document"`
		} `json:"driver"`
	} `json:"vehicles"`
	Goods []struct {
		HS          string  `json:"hs"`
		Description string  `json:"description"`
		Origin      string  `json:"origin"`
		Quantity    float64 `json:"quantity"`
		Unit        string  `json:"unit"`
		Packages    int     `json:"packages"`
		NetWeight   float64 `json:"net_weight_kg"`
		GrossWeight float64 `json:"gross_weight_kg"`
		Value       float64 `json:"value"`
		Currency    string  `json:"currency"`
	} `json:"goods"`
}

var (
	plateForm   = regexp.MustCompile(`^[0-9]{2}[A-Z][0-9]{4,5}$`)
	phoneForm   = regexp.MustCompile(`^0[0-9]{9}$`)
	hsForm      = regexp.MustCompile(`^[0-9]{8}$`)
	customsForm = regexp.MustCompile(`^[0-9]{12}$`)
	gates       = map[string]int{"CKHN": 1, "TT": 2}
	classes     = map[string]string{"08": "perishable", "85": "electronics"}
)

func (d *declaration) isGood() bool {
	return gates[d.Gate] != 0 && (d.Direction == "import" || d.Direction == "export") &&
		len(d.Vehicles) > 0 && len(d.Goods) > 0 && len(d.Customs) > 0 &&
		plateForm.MatchString(d.Vehicles[0].Plate) && phoneForm.MatchString(d.Vehicles[0].Driver.Phone) &&
		hsForm.MatchString(d.Goods[0].HS) && customsForm.MatchString(d.Customs[0].Number)
}

func classOf(hs string) string {
	if class, ok := classes[hs[:2]]; ok {
		return class
	}
	return "general"
}

type row interface {
	Scan(...interface{}) error
}

type server struct {
	ask           func(ctx context.Context, sql string, values ...interface{}) row
	statement     string
	authorization string
}

func answer(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	io.WriteString(w, body)
}

func (s *server) refuse(w http.ResponseWriter, r *http.Request, err error, key string) {
	var pgErr *pgError
	if !errors.As(err, &pgErr) {
		answer(w, 503, `{}`)
		return
	}
	switch pgErr.ConstraintName {
	case "reply_pkey":
		var body string
		s.ask(r.Context(), "select body from peer.reply where key = $1", key).Scan(&body)
		answer(w, 201, body)
	case "live_plate_pkey":
		answer(w, 409, `{"code":"plate_live"}`)
	default:
		log.Print(err)
		answer(w, 500, `{}`)
	}
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var asked declaration
	given, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	key := r.Header.Get("Idempotency-Key")
	if r.Method != "POST" || r.URL.Path != "/v1/declarations" {
		answer(w, 404, `{}`)
		return
	} else if r.Header.Get("Authorization") != s.authorization {
		answer(w, 401, `{}`)
		return
	} else if err != nil || key == "" || json.Unmarshal(given, &asked) != nil || !asked.isGood() {
		answer(w, 422, `{}`)
		return
	}
	document, _ := json.Marshal(&asked)
	plate, class := asked.Vehicles[0].Plate, classOf(asked.Goods[0].HS)
	hidden := `{"by":1,"firm":1,"plate":"` + plate + `","document":` + string(document) + `}`
	salt := make([]byte, 16)
	rand.Read(salt)
	private := sha256.Sum256(append(append([]byte{}, salt...), hidden...))
	keyHash, digest := sha256.Sum256([]byte(key)), sha256.Sum256(document)
	rest := `"role":"main","plate":"` + plate + `","class":"` + class + `","state":"declared","version":1,` +
		`"open":[{"step":"registered","agency":"customs"}],"done":[]}],"state":"ready","version":1}`
	var body string
	err = s.ask(r.Context(), s.statement, gates[asked.Gate], 1, plate, asked.Direction, class, asked.Planned, string(document),
		hex.EncodeToString(keyHash[:16]), hex.EncodeToString(digest[:16]), salt, hidden, hex.EncodeToString(private[:]),
		asked.Customs[0].Number, rest).Scan(&body)
	if err != nil {
		s.refuse(w, r, err, hex.EncodeToString(keyHash[:16]))
		return
	}
	answer(w, 201, body)
}

func main() {
	statement, err := os.ReadFile(os.Getenv("STATEMENT"))
	if err != nil {
		log.Fatal(err)
	}
	pool, err := openPool(os.Getenv("DATABASE_URL") + "&pool_max_conns=" + os.Getenv("CONNECTIONS"))
	if err != nil {
		log.Fatal(err)
	}
	ask := func(ctx context.Context, sql string, values ...interface{}) row {
		return pool.QueryRow(ctx, sql, values...)
	}
	handler := &server{ask, string(statement), "Bearer " + os.Getenv("TOKEN")}
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), handler))
}
