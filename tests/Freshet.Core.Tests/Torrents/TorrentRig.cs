using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Trackers;

using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

/// <summary>A machine on a test bench: its inputs as one-line calls, time that passes on command, and every lease counted.</summary>
internal sealed class TorrentRig
{
    public const int BlocksPerPiece = 4;
    public const int PieceLength = BlocksPerPiece * Limits.BlockLength;

    private readonly HashSet<BlockRef> _hashed = [];
    private int _keys;
    private int _leases;
    private int _granted;

    public TorrentRig(
        int pieces = 8, TorrentSettings? settings = null, string? tracker = null, ImmutableArray<long> files = default,
        ImmutableArray<AnnounceFamily> families = default,
        Allotment? allotment = null, IOffer? offer = null, IExtension? extension = null, bool isPrivate = false,
        bool isMagnet = false, bool isPrivateKnown = true, byte[]? info = null, bool decidesOffer = false,
        ImmutableArray<string> webSeeds = default, ITorrentDht? dht = null, string? secondTracker = null)
    {
        if (files.IsDefault)
            files = [(long)pieces * PieceLength];
        Layout = new PieceLayout(PieceLength, files);
        Metainfo = MetainfoOf(Layout, files, tracker) with { IsPrivate = isPrivate, WebSeeds = webSeeds.IsDefault ? [] : webSeeds };
        if (secondTracker is not null)
            Metainfo = Metainfo with { Trackers = [[tracker!], [secondTracker]] };
        if (info is not null)
            Metainfo = Metainfo with { InfoHash = new InfoHash(SHA1.HashData(info)), InfoBytes = info, InfoLength = info.Length };
        Options = new TorrentMachineOptions
        {
            Identity = isPrivateKnown ? SwarmIdentity.Of(Metainfo) : SwarmIdentity.Of(LinkTo(Metainfo)),
            PeerId = IdOf(0),
            ListenPort = 6881,
            AnnounceFamilies = families.IsDefault ? [AnnounceFamily.Any] : families,
            Settings = settings ?? new TorrentSettings(),
            Dht = dht,
            Allotment = allotment ?? Allotment.Unlimited,
            Offer = decidesOffer ? null : offer ?? new OfferOfAll(),
            Extensions = extension is null ? ExchangeExtensions.Factory : new ExtensionFactory((_, _) => [extension], extension.Row),
        };
        TorrentContext torrent = new(Options, Effects, new Random(1));
        Parts = new TorrentParts(torrent);
        Machine = new TorrentMachine(torrent, Parts);
        if (!isMagnet)
            Machine.OnMetadata(Metainfo, StartingPoint.Empty(Layout.PieceCount), Now);
    }

    /// <summary>A torrent with a custom layout, started, with other effects.</summary>
    public TorrentRig(PieceLayout layout, ITorrentEffects effects)
    {
        Layout = layout;
        Metainfo = MetainfoOf(layout, [layout.TotalLength], tracker: null);
        Options = new TorrentMachineOptions { Identity = SwarmIdentity.Of(Metainfo), PeerId = IdOf(0) };
        TorrentContext torrent = new(Options, effects, new Random(1));
        Parts = new TorrentParts(torrent);
        Machine = new TorrentMachine(torrent, Parts);
        Machine.OnMetadata(Metainfo, StartingPoint.Empty(Layout.PieceCount), Now);
        Start();
    }

    public TorrentMetainfo Metainfo { get; }

    public TorrentMachineOptions Options { get; }

    public PieceLayout Layout { get; }

    public RecordingEffects Effects { get; } = new();

    public TorrentMachine Machine { get; }

    /// <summary>The machine's parts, for what the machine has no input for.</summary>
    public TorrentParts Parts { get; }

    public Timestamp Now { get; private set; } = new(TimeSpan.TicksPerDay);

    /// <summary>How the first swarm of the torrent appears to a tracker.</summary>
    public AnnounceTarget Target(string tracker, AnnounceFamily family = AnnounceFamily.Any) => new(tracker, family, Metainfo.SwarmHash);

    public static PeerId IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[PeerId.Length];
        bytes.Fill((byte)'-');
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(bytes[16..], number);
        return new PeerId(bytes);
    }

    public static IPEndPoint Address(int number) => new(new IPAddress([10, 0, (byte)(number >> 8), (byte)number]), 6881);

    /// <summary>Starts with these pieces.</summary>
    public TorrentRig Start(params int[] have)
    {
        var pieces = new Bitfield(Layout.PieceCount);
        foreach (int piece in have)
            pieces.Add(new PieceIndex(piece));
        Machine.Start(new StartingPoint(pieces, []), Now);
        return this;
    }

    public TorrentRig StartComplete() => Start([.. Enumerable.Range(0, Layout.PieceCount)]);

    /// <summary>A connection comes in or, for an address that was dialled, is established.</summary>
    public PeerKey Connect(int number, bool fast = true, bool outgoing = false, int? id = null, bool extensions = true)
    {
        PeerKey key = new(++_keys);
        ulong reserved = (fast ? 0x04UL : 0) | (extensions ? 0x10UL << 16 : 0);
        Handshake handshake = new(new ReservedBits(reserved), Metainfo.SwarmHash, IdOf(id ?? number));
        Machine.OnConnected(key, new ConnectedPeer(Address(number), handshake, outgoing), Now);
        return key;
    }

    /// <summary>A connection to a peer that the user named, which a private torrent may keep.</summary>
    public PeerKey ConnectNamed(int number)
    {
        Machine.OnPeersFound([Address(number)], PeerSource.Manual, Now);
        return Connect(number, outgoing: true);
    }

    /// <summary>A connection comes in from any address.</summary>
    public PeerKey ConnectFrom(IPEndPoint endPoint, int id)
    {
        PeerKey key = new(++_keys);
        Handshake handshake = new(ReservedBits.Ours, Metainfo.SwarmHash, IdOf(id));
        Machine.OnConnected(key, new ConnectedPeer(endPoint, handshake, IsOutgoing: false), Now);
        return key;
    }

    /// <summary>A seed that lets us request.</summary>
    public PeerKey ConnectSeed(int number, bool fast = true)
    {
        PeerKey key = Connect(number, fast);
        Receive(key, fast ? PeerMessage.HaveAll : PeerMessage.Bitfield(Pieces([.. Enumerable.Range(0, Layout.PieceCount)])));
        Receive(key, PeerMessage.Unchoke);
        return key;
    }

    /// <summary>The wire format of a set of pieces.</summary>
    public byte[] Pieces(params int[] pieces)
    {
        var bits = new Bitfield(Layout.PieceCount);
        foreach (int piece in pieces)
            bits.Add(new PieceIndex(piece));
        return bits.ToArray();
    }

    public void Receive(PeerKey key, params PeerMessage[] messages) => Machine.OnMessages(key, messages, Now);

    /// <summary>A block from a peer, in a lease of its own.</summary>
    public PeerMessage Block(BlockRange range) => PeerMessage.Block(range, new BlockLease(_leases++));

    /// <summary>Advances the time without a tick.</summary>
    public void Pass(TimeSpan time) => Now += time;

    public void Advance(TimeSpan time)
    {
        for (Timestamp end = Now + time; Now < end;)
        {
            TimeSpan step = TimeSpan.FromMilliseconds(250);
            Now = end - Now < step ? end : Now + step;
            Machine.Tick(Now);
        }
    }

    /// <summary>Returns what was sent to a peer since the last call.</summary>
    public List<PeerMessage> Take(PeerKey key)
    {
        List<PeerMessage> messages = [.. Effects.Sent.Where(entry => entry.Peer == key).Select(entry => entry.Message)];
        Effects.Sent.RemoveAll(entry => entry.Peer == key);
        return messages;
    }

    /// <summary>Returns the blocks that were requested from a peer since the last call.</summary>
    public List<BlockRange> TakeRequests(PeerKey key) =>
        [.. Take(key).Where(message => message.Id == MessageId.Request).Select(message => message.Range)];

    /// <summary>The peer answers everything that is requested from it, round after round; pieces are hashed as they arrive.</summary>
    public void Serve(PeerKey key, bool hashOk = true, int rounds = 1000)
    {
        for (; rounds > 0; rounds--)
        {
            List<BlockRange> requests = TakeRequests(key);
            if (requests.Count == 0)
                return;
            Now += TimeSpan.FromMilliseconds(10);
            Receive(key, [.. requests.Select(Block)]);
            Hash(hashOk);
        }
    }

    /// <summary>Grants the right to write, as often as it was requested.</summary>
    public void GrantClaims()
    {
        for (; _granted < Effects.Claims; _granted++)
            Machine.OnDataClaimed(Now);
    }

    /// <summary>The disk loses what was written of a piece.</summary>
    public void Lose(PieceIndex piece) => Effects.Written.RemoveAll(block => block.Piece == piece);

    /// <summary>Hashes the pieces whose blocks are all written.</summary>
    public void Hash(bool ok = true)
    {
        IEnumerable<BlockRef> unhashed = Effects.Written.Where(block => !_hashed.Contains(block)).Distinct();
        foreach (IGrouping<PieceIndex, BlockRef> piece in unhashed.GroupBy(block => block.Piece).ToList())
        {
            if (piece.Count() < Layout.BlockCountOf(piece.Key))
                continue;
            if (ok)
                _hashed.UnionWith(piece);
            else
                Lose(piece.Key);
            Machine.OnPieceHashed(new PieceVerdict(piece.Key, ok), Now);
        }
    }

    public bool IsChoked(int number) => Machine.Peers(Now).Single(peer => $"{peer.EndPoint}" == $"{Address(number)}").IsChoked;

    public DisconnectReason? DropOf(PeerKey key) =>
        Effects.Dropped.Where(entry => entry.Peer == key).Select(entry => (DisconnectReason?)entry.Reason).FirstOrDefault();

    /// <summary>Checks that every lease that came in went out once.</summary>
    public void AssertLeasesAreSettled()
    {
        Assert.Equal(_leases, Effects.Leases.Count);
        Assert.Equal(_leases, Effects.Leases.Distinct().Count());
    }

    private static MagnetLink LinkTo(TorrentMetainfo metainfo) =>
        new() { InfoHash = metainfo.InfoHash, Trackers = [.. metainfo.Trackers.SelectMany(tier => tier)] };

    private static TorrentMetainfo MetainfoOf(PieceLayout layout, ImmutableArray<long> files, string? tracker)
    {
        long offset = 0;
        ImmutableArray<TorrentFile>.Builder list = ImmutableArray.CreateBuilder<TorrentFile>();
        foreach (long length in files)
        {
            list.Add(new TorrentFile { Index = list.Count, Path = $"sample/{list.Count}", Length = length, Offset = offset });
            offset += length;
        }

        return new TorrentMetainfo
        {
            InfoHash = new InfoHash(new byte[20]),
            Name = "sample",
            IsMultiFile = files.Length > 1,
            Files = list.ToImmutable(),
            Layout = layout,
            PieceHashes = new byte[20 * layout.PieceCount],
            InfoBytes = default,
            Trackers = tracker is null ? [] : [[tracker]],
        };
    }
}
