package main

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// How long a message whose key is missing is tried again.
const keyPatience = 60 * time.Second

// An event as the tests see it.
type seen struct {
	EventID   id.EventID      `json:"event_id"`
	Type      string          `json:"type"`
	Sender    id.UserID       `json:"sender"`
	Timestamp int64           `json:"origin_server_ts"`
	StateKey  *string         `json:"state_key,omitempty"`
	Content   json.RawMessage `json:"content"`
	// What this person makes of it.
	Encryption encryption `json:"encryption"`
}

type encryption struct {
	WasEncrypted bool   `json:"wasEncrypted"`
	Verdict      string `json:"verdict"`
	Reason       string `json:"reason"`
	SessionID    string `json:"sessionId,omitempty"`
	DeviceID     string `json:"deviceId,omitempty"`
	Trust        string `json:"trust,omitempty"`
}

func asItCame(evt *event.Event) seen {
	return seen{
		EventID:    evt.ID,
		Type:       evt.Type.Type,
		Sender:     evt.Sender,
		Timestamp:  evt.Timestamp,
		StateKey:   evt.StateKey,
		Content:    evt.Content.VeryRaw,
		Encryption: encryption{Verdict: "plain"},
	}
}

// Tells of each event of a room's timeline, decrypted if that is possible and allowed.
func (p *person) hear(ctx context.Context, evt *event.Event) {
	if evt.Mautrix.EventSource&event.SourceTimeline == 0 {
		return
	}
	shown, err := p.read(ctx, evt)
	say(map[string]any{"room": evt.RoomID, "event": shown})
	if errors.Is(err, crypto.ErrNoSessionFound) {
		go p.readLater(context.WithoutCancel(ctx), evt)
	}
}

func (p *person) readLater(ctx context.Context, evt *event.Event) {
	content := evt.Content.AsEncrypted()
	if !p.mach.WaitForSession(ctx, evt.RoomID, content.SenderKey, content.SessionID, keyPatience) {
		return
	}
	shown, _ := p.read(ctx, evt)
	say(map[string]any{"room": evt.RoomID, "event": shown, "again": true})
}

func (p *person) read(ctx context.Context, evt *event.Event) (seen, error) {
	shown := asItCame(evt)
	if evt.Type.Type != event.EventEncrypted.Type || evt.StateKey != nil {
		return shown, nil
	}
	shown.Encryption = encryption{WasEncrypted: true, Verdict: "undecryptable"}
	if content, isEncrypted := evt.Content.Parsed.(*event.EncryptedEventContent); isEncrypted {
		shown.Encryption.SessionID = string(content.SessionID)
	}
	decrypted, err := p.mach.DecryptMegolmEvent(ctx, evt)
	if err == nil && decrypted.Mautrix.TrustState < p.minTrust {
		// Its owner may have signed the device since its keys were asked for.
		if _, err = p.mach.FetchKeys(ctx, []id.UserID{evt.Sender}, true); err == nil {
			decrypted, err = p.mach.DecryptMegolmEvent(ctx, evt)
		}
	}
	if err != nil {
		shown.Encryption.Reason = err.Error()
		if errors.Is(err, crypto.ErrDuplicateMessageIndex) {
			shown.Encryption.Verdict = "distrusted"
		}
		return shown, err
	}
	trust := decrypted.Mautrix.TrustState
	shown.Encryption.Trust = trust.String()
	if device := decrypted.Mautrix.TrustSource; device != nil {
		shown.Encryption.DeviceID = device.DeviceID.String()
	} else if evt.Sender == p.client.UserID && trust == id.TrustStateVerified {
		shown.Encryption.DeviceID = p.client.DeviceID.String()
	}
	if trust < p.minTrust {
		shown.Encryption.Verdict = "distrusted"
		shown.Encryption.Reason = "the sender's device is " + trust.String()
		return shown, nil
	}
	shown.Encryption.Verdict = "trusted"
	shown.Type = decrypted.Type.Type
	shown.Content = decrypted.Content.VeryRaw
	return shown, nil
}

// Decrypts an event that was fetched by somebody else.
func (p *person) decryptOne(ctx context.Context, r request) (any, error) {
	var evt event.Event
	if err := json.Unmarshal(r.Event, &evt); err != nil {
		return nil, err
	}
	evt.RoomID = id.RoomID(r.Room)
	evt.Type.Class = event.MessageEventType
	if evt.StateKey != nil {
		evt.Type.Class = event.StateEventType
	}
	// One that can't be parsed is shown as it is.
	_ = evt.Content.ParseRaw(evt.Type)
	shown, _ := p.read(ctx, &evt)
	return shown, nil
}
