package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rs/zerolog"
	"maunium.net/go/mautrix"
	"maunium.net/go/mautrix/crypto"
	"maunium.net/go/mautrix/event"
	"maunium.net/go/mautrix/id"
)

var errUnknownRequest = errors.New("no such request")

// A session that is there already, and what its device is to be like.
type login struct {
	BaseURL     string `json:"baseUrl"`
	UserID      string `json:"userId"`
	DeviceID    string `json:"deviceId"`
	AccessToken string `json:"accessToken"`
	Password    string `json:"password"`
	// Whether the person makes an identity and signs the device with it.
	Signed bool `json:"signed"`
	// Whether devices that their owners have not signed count as well.
	AllDevices bool `json:"allDevices"`
}

type person struct {
	client *mautrix.Client
	mach   *crypto.OlmMachine
	// Devices whose trust is less get no keys, and what they say is not accepted.
	minTrust id.TrustState
	sending  sync.Mutex
	// The devices that a room's session was made for.
	rosters map[id.RoomID]string
}

func newPerson() *person {
	return &person{rosters: make(map[id.RoomID]string)}
}

// Sync failures are answered by trying again at once: the server is on this machine.
type eagerSyncer struct {
	*mautrix.DefaultSyncer
}

func (s *eagerSyncer) OnFailedSync(_ *mautrix.RespSync, err error) (time.Duration, error) {
	if errors.Is(err, mautrix.MUnknownToken) {
		return 0, err
	}
	return 50 * time.Millisecond, nil
}

func (s *eagerSyncer) ProcessResponse(ctx context.Context, res *mautrix.RespSync, since string) error {
	err := s.DefaultSyncer.ProcessResponse(ctx, res, since)
	invites := []id.RoomID{}
	for room := range res.Rooms.Invite {
		invites = append(invites, room)
	}
	joined := []id.RoomID{}
	for room := range res.Rooms.Join {
		joined = append(joined, room)
	}
	say(map[string]any{"synced": res.NextBatch, "invites": invites, "joined": joined})
	return err
}

// Opens the crypto, makes the identity and syncs from then on.
func (p *person) start(ctx context.Context, l login) (any, error) {
	client, err := mautrix.NewClient(l.BaseURL, id.UserID(l.UserID), l.AccessToken)
	if err != nil {
		return nil, err
	}
	client.DeviceID = id.DeviceID(l.DeviceID)
	client.StateStore = mautrix.NewMemoryStateStore()
	syncer := &eagerSyncer{mautrix.NewDefaultSyncer()}
	syncer.ParseErrorHandler = func(_ *event.Event, _ error) bool { return true }
	syncer.FilterJSON = &mautrix.Filter{Room: &mautrix.RoomFilter{
		Timeline: &mautrix.FilterPart{Limit: 500},
	}}
	client.Syncer = syncer
	p.client = client
	p.minTrust = id.TrustStateCrossSignedUntrusted
	if l.AllDevices {
		p.minTrust = id.TrustStateUnset
	}

	state, isState := client.StateStore.(crypto.StateStore)
	if !isState {
		return nil, errors.New("the state store is none for crypto")
	}
	nop := zerolog.Nop()
	p.mach = crypto.NewOlmMachine(client, &nop, crypto.NewMemoryStore(nil), state)
	p.mach.SendKeysMinTrust = p.minTrust
	p.mach.ShareKeysMinTrust = p.minTrust
	p.mach.IgnorePostDecryptionParseErrors = true
	if err = p.mach.Load(ctx); err != nil {
		return nil, err
	}
	if err = p.mach.ShareKeys(ctx, -1); err != nil {
		return nil, err
	}
	if l.Signed {
		if err = p.makeIdentity(ctx, l.Password); err != nil {
			return nil, err
		}
	}

	syncer.OnSync(p.mach.ProcessSyncResponse)
	syncer.OnEvent(client.StateStoreSyncHandler)
	syncer.OnEventType(event.StateMember, p.mach.HandleMemberEvent)
	syncer.OnEvent(p.hear)
	go func() {
		if err := client.SyncWithContext(ctx); err != nil {
			say(map[string]any{"ended": err.Error()})
		}
	}()
	return map[string]any{"fingerprint": p.mach.GetAccount().SigningKey()}, nil
}

func (p *person) makeIdentity(ctx context.Context, password string) error {
	keys, err := p.mach.GenerateCrossSigningKeys()
	if err != nil {
		return err
	}
	err = p.mach.PublishCrossSigningKeys(ctx, keys, func(asked *mautrix.RespUserInteractive) any {
		return &mautrix.ReqUIAuthLogin{
			BaseAuthData: mautrix.BaseAuthData{Type: mautrix.AuthTypePassword, Session: asked.Session},
			User:         p.client.UserID.String(),
			Password:     password,
		}
	})
	if err != nil {
		return err
	}
	// The answer puts the new keys where trust is looked up.
	if _, err = p.mach.FetchKeys(ctx, []id.UserID{p.client.UserID}, true); err != nil {
		return err
	}
	return p.mach.SignOwnDevice(ctx, p.mach.OwnIdentity())
}
