using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>
/// Whatever happens to a machine, in whatever order, no lease is lost, and one honest seed is enough to finish afterwards.
/// </summary>
public class TorrentMachineRandomTests
{
    private const int Steps = 400;
    private readonly List<PeerKey> _peers = [];
    private Random _random = null!;
    private TorrentRig _rig = null!;
    private int _number;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 100)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_an_honest_seed_is_enough_to_finish(int seed)
    {
        _random = new Random(seed);
        _rig = new TorrentRig(
            pieces: _random.Next(1, 40), settings: new TorrentSettings { MaxPeers = 10, Sequential = seed % 3 == 0 }).Start();
        for (int i = 0; i < Steps; i++)
            Step();
        if (_rig.Machine.Phase is TorrentPhase.Stopped)
            _rig.Machine.Start(new StartingPoint(_rig.Machine.Have.Clone(), []), _rig.Now);
        _rig.Machine.OnDiskRecovered(_rig.Now);
        _rig.Machine.ApplySettings(new TorrentSettings { MaxPeers = 10 }, _rig.Now);
        foreach (PeerKey peer in _peers)
            _rig.Machine.OnDisconnected(peer, DisconnectReason.ClosedByPeer, _rig.Now);
        _rig.Hash();
        _rig.GrantClaims();
        PeerKey honest = _rig.ConnectSeed(10_000);
        for (int i = 0; i < 100 && _rig.Machine.Phase is not TorrentPhase.Seeding; i++)
        {
            _rig.Serve(honest);
            _rig.Hash();
            _rig.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.True(_rig.Machine.Phase is TorrentPhase.Seeding, _rig.Machine.Snapshot(_rig.Now).Why);
        Assert.True(_rig.Machine.Have.IsFull);
        Assert.Equal(0, _rig.Machine.Snapshot(_rig.Now).Left.Bytes);
        _rig.AssertLeasesAreSettled();
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_tick_before_it_is_due_does_nothing(int seed)
    {
        _random = new Random(seed);
        TorrentSettings settings = new() { MaxPeers = _random.Next(3, 12), Sequential = seed % 3 == 0 };
        _rig = new TorrentRig(pieces: _random.Next(1, 40), settings, tracker: "http://tracker.example/announce").Start();
        int needless = 0;
        for (int i = 0; i < Steps; i++)
        {
            Step();
            Timestamp end = _rig.Now + TimeSpan.FromSeconds(_random.Next(Chance(10) ? 600 : 5));
            Timestamp due = TickNow();
            while (_rig.Now < end)
            {
                _rig.Pass(TimeSpan.FromMilliseconds(_random.Next(1, 2_000)));
                int before = _rig.Effects.Count;
                bool early = _rig.Now < due;
                Timestamp next = TickNow();
                needless += early ? 1 : 0;
                Assert.False(
                    early && _rig.Effects.Count != before,
                    $"something happened before {due}, at {_rig.Now}: "
                    + $"{_rig.Effects.Sent.LastOrDefault().Message.Id} {_rig.Effects.Facts.LastOrDefault()}");
                Assert.False(early && next < due, $"due at {due}, and a needless tick made it {next}");
                due = next;
            }
        }

        Assert.True(needless > 100, $"only {needless} ticks were needless");
    }

    private Timestamp TickNow()
    {
        _rig.Machine.Tick(_rig.Now);
        return _rig.Machine.NextDue(_rig.Now);
    }

    private void Step()
    {
        if (Chance(3))
            _rig.GrantClaims();
        switch (_random.Next(20))
        {
            case 0 or 1:
                _peers.Add(_rig.Connect(
                    _random.Next(1, 30), fast: !Chance(6), outgoing: Chance(3), id: Chance(4) ? _random.Next(4) : ++_number + 100));
                break;
            case 2 when _peers.Count > 0 && Chance(3):
                _rig.Machine.OnDisconnected(Peer(), (DisconnectReason)_random.Next(13), _rig.Now);
                break;
            case 3:
                _rig.Machine.OnPeersFound([TorrentRig.Address(_random.Next(1, 200))], PeerSource.Tracker, _rig.Now);
                break;
            case 4 when _rig.Effects.Dialled.Count > 0:
                _rig.Machine.OnConnectFailed(
                    _rig.Effects.Dialled[_random.Next(_rig.Effects.Dialled.Count)], (DisconnectReason)_random.Next(13), _rig.Now);
                break;
            case 5 or 6:
                _rig.Hash(ok: !Chance(4));
                break;
            case 7:
                _rig.Advance(TimeSpan.FromSeconds(_random.Next(1, 40)));
                break;
            case 8 when Chance(4):
                Trouble();
                break;
            case 9 when Chance(6):
                ChangeSettings();
                break;
            case 11 when Chance(5):
                PieceIndex awaited = new(_random.Next(_rig.Layout.PieceCount));
                _rig.Machine.SetDeadline([awaited], _rig.Now + TimeSpan.FromSeconds(_random.Next(-5, 20)), _rig.Now);
                break;
            case 12 when _peers.Count > 0 && Chance(3):
                PauseMeter pauses = _rig.Effects.PausesOf(Peer());
                if (Chance(2))
                    pauses.Begin(_rig.Now);
                else
                    pauses.End(_rig.Now);
                break;
            case 10 when Chance(10):
                _rig.Machine.Stop(_rig.Now);
                _rig.Machine.Start(new StartingPoint(_rig.Machine.Have.Clone(), []), _rig.Now);
                break;
            default:
                if (_peers.Count > 0)
                    Talk(Peer());
                break;
        }
    }

    private void Talk(PeerKey peer)
    {
        List<PeerMessage> batch = [];
        List<BlockRange> requests = _rig.TakeRequests(peer);
        foreach (BlockRange range in requests.Where(_ => !Chance(8)))
            batch.Add(Chance(12) ? PeerMessage.RejectRequest(range) : _rig.Block(range));
        for (int i = _random.Next(4); i > 0; i--)
            batch.Insert(_random.Next(batch.Count + 1), Anything());
        _rig.Receive(peer, [.. batch]);
    }

    private PeerMessage Anything()
    {
        PieceIndex piece = new(_random.Next(_rig.Layout.PieceCount + (Chance(500) ? 1 : 0)));
        BlockRange range = new(piece, _random.Next(4) * Limits.BlockLength, Chance(20) ? 100 : Limits.BlockLength);
        return _random.Next(40) switch
        {
            0 => PeerMessage.Choke,
            < 4 => PeerMessage.Unchoke,
            4 => PeerMessage.Interested,
            5 => PeerMessage.NotInterested,
            6 => PeerMessage.Have(piece),
            7 => PeerMessage.HaveAll,
            8 => PeerMessage.Bitfield(_rig.Pieces([.. Enumerable.Range(0, _rig.Layout.PieceCount).Where(_ => Chance(2))])),
            9 => PeerMessage.Request(range),
            10 => PeerMessage.Cancel(range),
            11 => PeerMessage.AllowedFast(piece),
            12 => PeerMessage.SuggestPiece(piece),
            13 => PeerMessage.RejectRequest(range),
            14 => PeerMessage.HaveNone,
            < 30 => PeerMessage.Have(piece),
            < 36 => PeerMessage.Unchoke,
            _ => _rig.Block(range),
        };
    }

    private void Trouble()
    {
        // A write that fails loses what was there of its piece; a repaired disk has it again.
        PieceIndex piece = new(_random.Next(_rig.Layout.PieceCount));
        if (_rig.Machine.Have[piece])
            return;
        _rig.Lose(piece);
        _rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "full", [piece]), _rig.Now);
        _rig.Advance(TimeSpan.FromSeconds(_random.Next(10)));
        if (!Chance(3))
            _rig.Machine.OnDiskRecovered(_rig.Now);
    }

    private void ChangeSettings()
    {
        PiecePriority priority = (PiecePriority)_random.Next(4);
        _rig.Machine.ApplySettings(
            new TorrentSettings { MaxPeers = _random.Next(1, 12), FilePriorities = [priority], UploadSlots = _random.Next(4) }, _rig.Now);
    }

    private PeerKey Peer() => _peers[_random.Next(_peers.Count)];

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;
}
