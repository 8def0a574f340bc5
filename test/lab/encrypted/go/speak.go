package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/crypto/attachment"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

// What the server said of a device, and what this person makes of it.
type device struct {
	DeviceID id.DeviceID `json:"deviceId"`
	Trust    string      `json:"trust"`
	IsSigned bool        `json:"isSigned"`
}

func (p *person) devices(ctx context.Context, user id.UserID) ([]device, error) {
	fetched, err := p.mach.FetchKeys(ctx, []id.UserID{user}, true)
	if err != nil {
		return nil, err
	}
	found := []device{}
	for deviceID, known := range fetched[user] {
		trust, err := p.mach.ResolveTrustContext(ctx, known)
		if err != nil {
			return nil, err
		}
		isSigned := trust >= id.TrustStateCrossSignedUntrusted
		found = append(found, device{DeviceID: deviceID, Trust: trust.String(), IsSigned: isSigned})
	}
	slices.SortFunc(found, func(a, b device) int {
		return strings.Compare(string(a.DeviceID), string(b.DeviceID))
	})
	return found, nil
}

func (p *person) devicesOf(ctx context.Context, r request) (any, error) {
	found, err := p.devices(ctx, id.UserID(r.User))
	return map[string]any{"devices": found}, err
}

// Everybody who is to read a room: who is in it and who is invited.
func (p *person) readers(ctx context.Context, room id.RoomID) ([]id.UserID, error) {
	members, err := p.client.Members(ctx, room)
	if err != nil {
		return nil, err
	}
	readers := []id.UserID{}
	for _, member := range members.Chunk {
		_ = member.Content.ParseRaw(event.StateMember)
		membership := member.Content.AsMember().Membership
		if membership == event.MembershipJoin || membership == event.MembershipInvite {
			readers = append(readers, id.UserID(member.GetStateKey()))
		}
	}
	slices.Sort(readers)
	return readers, nil
}

// Makes sure that the room's session is known to just those devices that may read it now.
func (p *person) share(ctx context.Context, room id.RoomID) error {
	readers, err := p.readers(ctx, room)
	if err != nil {
		return err
	}
	var roster strings.Builder
	for _, reader := range readers {
		devices, err := p.devices(ctx, reader)
		if err != nil {
			return err
		}
		fmt.Fprintf(&roster, "%s %v\n", reader, devices)
	}
	if p.rosters[room] != roster.String() {
		if err = p.mach.CryptoStore.RemoveOutboundGroupSession(ctx, room); err != nil {
			return err
		}
	}
	p.rosters[room] = roster.String()
	return p.mach.ShareGroupSession(ctx, room, readers)
}

func (p *person) mayEncrypt(ctx context.Context) error {
	own := p.mach.OwnIdentity()
	own.Trust = id.TrustStateUnset
	trust, err := p.mach.ResolveTrustContext(ctx, own)
	if err == nil && trust < p.minTrust {
		return errors.New("this device is not signed: it may not encrypt")
	}
	return err
}

// Sends an event, encrypted where the room is (reactions are not, as in all clients).
func (p *person) send(ctx context.Context, r request) (any, error) {
	room := id.RoomID(r.Room)
	sentType := event.Type{Type: r.Type, Class: event.MessageEventType}
	var content any = r.Content
	var state event.EncryptionEventContent
	err := p.client.StateEvent(ctx, room, event.StateEncryption, "", &state)
	switch {
	case errors.Is(err, mautrix.MNotFound) || r.Type == event.EventReaction.Type:
	case err != nil:
		return nil, err
	default:
		p.sending.Lock()
		defer p.sending.Unlock()
		if err = p.mayEncrypt(ctx); err != nil {
			return nil, err
		}
		if err = p.client.StateStore.SetEncryptionEvent(ctx, room, &state); err != nil {
			return nil, err
		}
		if err = p.share(ctx, room); err != nil {
			return nil, err
		}
		content, err = p.mach.EncryptMegolmEvent(ctx, room, sentType, r.Content)
		if errors.Is(err, crypto.ErrNoGroupSession) || crypto.IsShareError(err) {
			// It was dropped again while it was shared: somebody has come or gone.
			if err = p.share(ctx, room); err == nil {
				content, err = p.mach.EncryptMegolmEvent(ctx, room, sentType, r.Content)
			}
		}
		if err != nil {
			return nil, err
		}
		sentType = event.EventEncrypted
	}
	options := mautrix.ReqSendEvent{TransactionID: r.TxnID, DontEncrypt: true}
	sent, err := p.client.SendMessageEvent(ctx, room, sentType, content, options)
	if err != nil {
		return nil, err
	}
	return map[string]any{"eventId": sent.EventID}, nil
}

// Encrypts a file and uploads it; the answer is what a message says of it.
func (p *person) seal(ctx context.Context, r request) (any, error) {
	file := attachment.NewEncryptedFile()
	uploaded, err := p.client.UploadBytes(ctx, file.Encrypt(r.Data), "application/octet-stream")
	if err != nil {
		return nil, err
	}
	info := event.EncryptedFileInfo{EncryptedFile: *file, URL: uploaded.ContentURI.CUString()}
	return map[string]any{"file": info}, nil
}

// Downloads the file of a message, of an encrypted one decrypted.
func (p *person) open(ctx context.Context, r request) (any, error) {
	var content struct {
		File *event.EncryptedFileInfo `json:"file"`
		URL  id.ContentURIString      `json:"url"`
	}
	if err := json.Unmarshal(r.Content, &content); err != nil {
		return nil, err
	}
	if content.File != nil {
		content.URL = content.File.URL
	}
	address, err := content.URL.Parse()
	if err != nil {
		return nil, err
	}
	data, err := p.client.DownloadBytes(ctx, address)
	if err == nil && content.File != nil {
		data, err = content.File.Decrypt(data)
	}
	return map[string]any{"data": data}, err
}
