// A person in encrypted rooms on mautrix-go with goolm: an implementation of Matrix encryption
// that shares no code with the one of the Rust SDK. It is told what to do by JSON lines on stdin
// and says what it did and saw by JSON lines on stdout. It ends when stdin does.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"sync"
)

// One thing to do. Which fields count depends on Do.
type request struct {
	ID      int             `json:"id"`
	Do      string          `json:"do"`
	Login   login           `json:"login"`
	Room    string          `json:"room"`
	Type    string          `json:"type"`
	TxnID   string          `json:"txnId"`
	Content json.RawMessage `json:"content"`
	Data    []byte          `json:"data"`
	URL     string          `json:"url"`
	User    string          `json:"user"`
	Event   json.RawMessage `json:"event"`
}

// What came of a request.
type answer struct {
	ID    int    `json:"id"`
	OK    any    `json:"ok,omitempty"`
	Error string `json:"error,omitempty"`
}

var out = struct {
	sync.Mutex
	*json.Encoder
}{Encoder: json.NewEncoder(os.Stdout)}

func say(line any) {
	out.Lock()
	defer out.Unlock()
	if err := out.Encode(line); err != nil {
		os.Exit(1)
	}
}

func do(ctx context.Context, p *person, r request) (any, error) {
	switch r.Do {
	case "login":
		return p.start(ctx, r.Login)
	case "send":
		return p.send(ctx, r)
	case "seal":
		return p.seal(ctx, r)
	case "open":
		return p.open(ctx, r)
	case "decrypt":
		return p.decryptOne(ctx, r)
	case "devices":
		return p.devicesOf(ctx, r)
	}
	return nil, errUnknownRequest
}

func main() {
	ctx := context.Background()
	p := newPerson()
	lines := bufio.NewScanner(os.Stdin)
	// Files come in one line each.
	lines.Buffer(nil, 256<<20)
	for lines.Scan() {
		var r request
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			say(answer{Error: err.Error()})
			continue
		}
		go func() {
			ok, err := do(ctx, p, r)
			if err != nil {
				say(answer{ID: r.ID, Error: err.Error()})
				return
			}
			say(answer{ID: r.ID, OK: ok})
		}()
	}
}
