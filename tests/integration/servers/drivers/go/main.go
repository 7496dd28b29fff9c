// What an application sees with pgx: probe PORT SCENARIO ID.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

type seen struct {
	Connected bool   `json:"connected"`
	Told      string `json:"told,omitempty"`
	SQLState  string `json:"sqlstate"`
	Text      string `json:"text,omitempty"`
	Well      bool   `json:"well"`
}

func (s *seen) note(err error) {
	var fromServer *pgconn.PgError
	if errors.As(err, &fromServer) {
		s.SQLState = fromServer.Code
	}
	s.Text = err.Error()
}

func work(ctx context.Context, conn *pgx.Conn, scenario, id string) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	if scenario == "commit" {
		_, err = tx.Exec(ctx, "INSERT INTO notes VALUES ($1::text::int)", id)
	} else {
		_, err = tx.Exec(ctx, "UPDATE stock SET n = n - $1", 1)
	}
	if err != nil {
		_ = tx.Rollback(ctx)
		return err
	}
	return tx.Commit(ctx)
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	var s seen
	conn, err := pgx.Connect(ctx,
		fmt.Sprintf("postgres://postgres@127.0.0.1:%s/postgres?sslmode=disable", os.Args[1]))
	if err == nil {
		s.Connected = true
		err = work(ctx, conn, os.Args[2], os.Args[3])
	}
	if err == nil {
		s.Told = "committed"
	} else {
		s.note(err)
	}
	if s.Connected {
		var n int
		s.Well = conn.QueryRow(ctx, "SELECT $1::int", 1).Scan(&n) == nil && n == 1
	}
	_ = json.NewEncoder(os.Stdout).Encode(s)
}
