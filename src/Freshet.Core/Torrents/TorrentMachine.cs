using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents.Exchange;
using Freshet.Core.Trackers;
using Freshet.Core.WebSeeds;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>
/// Makes all decisions for one torrent. It has a method for each event and requests actions through <see cref="ITorrentEffects"/>. Every
/// method returns quickly, and no effect calls back into the machine. This type only routes; the parts own the data.
/// </summary>
internal sealed class TorrentMachine
{
    private readonly TorrentContext _torrent;
    private readonly TorrentParts _parts;

    /// <param name="options">The settings that never change.</param>
    /// <param name="effects">Receives the requested actions.</param>
    /// <param name="random">The source of all random decisions; the same seed and inputs produce the same run.</param>
    public TorrentMachine(TorrentMachineOptions options, ITorrentEffects effects, Random random)
    {
        _torrent = new TorrentContext(options, effects, random);
        _parts = new TorrentParts(_torrent);
    }

    /// <summary>Creates a machine from existing parts, to which the caller keeps access.</summary>
    public TorrentMachine(TorrentContext torrent, TorrentParts parts)
    {
        _torrent = torrent;
        _parts = parts;
    }

    /// <summary>Whether the torrent's metadata is known, so that it has pieces and files.</summary>
    public bool HasContent => _torrent.HasContent;

    /// <summary>The hashes by which the torrent is known, and where to find peers; may be extended once the metadata is known.</summary>
    public SwarmIdentity Identity => _torrent.Identity;

    /// <summary>The torrent's extensions (BEP 10); replaced once the metadata says whether it is private.</summary>
    public ExtensionTable ExtensionTable => _torrent.ExtensionTable;

    /// <summary>The current phase.</summary>
    public TorrentPhase Phase => _torrent.Phase;

    /// <summary>The verified pieces. Must not be modified.</summary>
    public Bitfield Have => _torrent.Ledger.Have;

    /// <summary>Whether there are pieces on disk that have not been checked.</summary>
    public bool IsCheckUnfinished => _parts.Check.IsUnfinished;

    /// <summary>Whether the right to write the torrent's files is held.</summary>
    public bool MayWrite => _torrent.WriteRight.IsHeld;

    /// <summary>Whether the run is over and the trackers need nothing more; the caller need not wait longer.</summary>
    public bool HasLeft => (Phase is TorrentPhase.Stopped or TorrentPhase.Failed) && _parts.Announcing.HasLeft;

    /// <summary>Begins a run with the given state, and what of it must be checked first.</summary>
    public void Start(StartingPoint start, Timestamp now) => _parts.Lifecycle.Start(start, now);

    /// <summary>
    /// The metadata is known: from a file, from peers or from an earlier run. Called once, at any time. A run that waited for it continues
    /// with <paramref name="start"/> as the state on disk; otherwise the next <see cref="Start"/> supplies that state.
    /// </summary>
    /// <exception cref="ArgumentException">The metadata belongs to another torrent.</exception>
    public void OnMetadata(TorrentMetainfo metainfo, StartingPoint start, Timestamp now)
    {
        if (HasContent)
            return;
        _torrent.Learn(metainfo);
        TakeSettings(_torrent.Settings);
        bool wasFetched = Phase is TorrentPhase.FetchingMetadata or TorrentPhase.Queued;
        if (wasFetched)
            _parts.Lifecycle.TakeOver(start);
        if (Identity.IsPrivate == true)
        {
            _parts.Connecting.KeepToTrackers(now);
            _parts.Announcing.OnPrivate(now);
            _parts.Dht.Withdraw();
        }

        _parts.Sourcing.OnMetadata();
        _parts.Messages.OnMetadata(now);
        if (wasFetched)
            _parts.MetadataFetch.Reset();
        _parts.Extensions.OnMetadata(now);
        _parts.Lifecycle.OnMetadata(start, now);
    }

    /// <summary>The info dictionary has been read to serve it to peers; empty if that failed.</summary>
    public void OnMetadataRead(ReadOnlyMemory<byte> info, Timestamp now) =>
        _parts.MetadataServing.OnRead(info, _parts.Extensions, now);

    /// <summary>Ends the run: disconnects peers and announces to trackers. Ticks continue until <see cref="HasLeft"/>.</summary>
    public void Stop(Timestamp now)
    {
        _parts.Lifecycle.Stop(now);
        _parts.Dht.Withdraw();
        _parts.Extensions.Reset();
        _parts.WebSeeding.End();
    }

    /// <summary>Ends the run for a reason that only the user can fix, or says why no run can begin.</summary>
    public void Fail(string reason, TorrentReason code, Timestamp now)
    {
        _parts.Lifecycle.Fail(reason, code, now);
        _parts.Dht.Withdraw();
        _parts.Extensions.Reset();
        _parts.WebSeeding.End();
    }

    /// <summary>The user changed the settings or what is wanted, or the address filter changed.</summary>
    public void ApplySettings(TorrentSettings settings, Timestamp now)
    {
        bool wasWished = _torrent.Settings.SuperSeeding == SuperSeeding.Always;
        TakeSettings(settings);
        if (!wasWished)
            SuperSeedingWish.Answer(_torrent);
        _parts.Requesting.CancelUnwanted(now);
        _parts.Connecting.KeepToFilter(now);
        _parts.Announcing.OnSettings(now);
        _parts.Connecting.KeepTo(settings.MaxPeers, now);
        _parts.Interest.UpdateAll(now);
        _parts.Lifecycle.OnLedgerChanged(now);
        _parts.Uploading.Unchoke(now);
        _parts.Connecting.Dial(now);
    }

    /// <summary>The session assigns a new allotment.</summary>
    public void OnAllotted(Allotment allotment, Timestamp now)
    {
        bool otherSlots = allotment.UploadSlots != _torrent.Allotment.UploadSlots;
        _torrent.Allotment = allotment;
        if (otherSlots)
            _parts.Uploading.OnSlots(now);
        _parts.Check.OnAllotted();
        _parts.Lifecycle.OnAllotted(now);
        _parts.Connecting.Dial(now);
    }

    /// <summary>The session is full and another torrent has fewer connections: the least useful connection must be closed.</summary>
    public void OnMakeRoom(Timestamp now)
    {
        if (!_parts.Connecting.MakeRoom(now))
            _torrent.Effects.NoRoomMade();
        _parts.Uploading.FillSlots(now);
    }

    /// <summary>A reader needs these pieces, in this order, before the deadline.</summary>
    public void SetDeadline(ReadOnlySpan<PieceIndex> pieces, Timestamp when, Timestamp now)
    {
        foreach (PieceIndex piece in pieces)
        {
            if (_torrent.Layout.Contains(piece) && !_torrent.Ledger.Have[piece])
                _torrent.Picker.Deadlines.Set(piece, when);
        }

        _parts.Requesting.RefillAll(now);
    }

    /// <summary>A reader needs the torrent's bytes from <paramref name="offset"/> to the end of the file next.</summary>
    public void MoveReader(ReaderKey reader, long offset, long end, Timestamp now) => _parts.Reading.Move(reader, offset, end, now);

    /// <summary>A reader has closed.</summary>
    public void EndReader(ReaderKey reader, Timestamp now) => _parts.Reading.End(reader, now);

    /// <summary>
    /// Peer addresses were found. If the torrent has turned out to be private, only those from a tracker or the user count.
    /// </summary>
    public void OnPeersFound(IReadOnlyList<IPEndPoint> endPoints, PeerSource source, Timestamp now)
    {
        if (Identity.IsPrivate != true || PeerSources.Of(source).AreAllowedForPrivate)
            _parts.Connecting.OnPeersFound(endPoints, source, now);
    }

    /// <summary>A connection, incoming or outgoing, is established and both handshakes are done.</summary>
    public void OnConnected(PeerKey key, ConnectedPeer peer, Timestamp now)
    {
        _parts.Connecting.OnConnected(key, peer, now);
        if (_torrent.Peers.Find(key) is { } connected)
            _parts.Dht.Greet(connected, now);
    }

    /// <summary>Dialling a peer failed.</summary>
    public void OnConnectFailed(IPEndPoint endPoint, DisconnectReason reason, Timestamp now)
    {
        _parts.Connecting.OnConnectFailed(endPoint, reason, now);
        _parts.HolePunching.OnConnectFailed(endPoint, reason, _parts.Extensions, now);
    }

    /// <summary>
    /// A connection was closed, not by us. Its requests are reassigned at the next tick, once for all connections that closed until then.
    /// </summary>
    public void OnDisconnected(PeerKey key, DisconnectReason reason, Timestamp now, string? words = null)
    {
        if (_torrent.Peers.Find(key) is not { } peer)
            return;
        _parts.Departures.OnGone(peer, reason, now, words);
        _parts.Uploading.FillSlots(now);
    }

    /// <summary>A receive batch of messages from a peer; the machine now owns the leases in it.</summary>
    public void OnMessages(PeerKey key, ReadOnlySpan<PeerMessage> batch, Timestamp now)
    {
        if (_torrent.Peers.Find(key) is { } peer)
            _parts.Messages.OnMessages(peer, batch, now);
        else
            _parts.Messages.Discard(batch);
    }

    /// <summary>The next block of a request to a web seed; the machine now owns its lease.</summary>
    public void OnFetched(PeerKey seed, FetchKey fetch, BlockRange range, BlockLease lease, Timestamp now) =>
        _parts.WebSeeding.OnFetched(seed, fetch, range, lease, now);

    /// <summary>A request to a web seed ended on its own, after its last block.</summary>
    public void OnFetchEnded(PeerKey seed, FetchKey fetch, in FetchEnd end, Timestamp now) =>
        _parts.WebSeeding.OnFetchEnded(seed, fetch, end, now);

    /// <summary>A block has been sent to a peer.</summary>
    public void OnUploaded(PeerKey key, BlockRange block, Timestamp now)
    {
        if (_torrent.Peers.Find(key) is { } peer)
            _parts.Uploading.OnUploaded(peer, block, now);
    }

    /// <summary>A block that was queued for sending could not be read.</summary>
    public void OnUploadFailed(PeerKey key, BlockRange block, Timestamp now)
    {
        if (_torrent.Peers.Find(key) is { } peer)
            Uploading.OnUploadFailed(peer, block, now);
    }

    /// <summary>A downloaded piece has been written, and passed or failed its hash check.</summary>
    public void OnPieceHashed(PieceVerdict verdict, Timestamp now)
    {
        if (!_torrent.Ledger.IsWaitingForHash(verdict.Piece))
            return;
        if (!verdict.IsGood)
        {
            _parts.Downloading.OnFailed(verdict, now);
            return;
        }

        _parts.Downloading.OnVerified(verdict, now);
        _parts.Lifecycle.OnLedgerChanged(now);
    }

    /// <summary>An existing piece has been read, and passed or failed its hash check.</summary>
    public void OnPieceChecked(PieceIndex piece, bool ok) => _parts.Check.OnPieceChecked(piece, ok);

    /// <summary>A piece can no longer be read from disk: it must be downloaded again.</summary>
    public void OnPieceLost(PieceIndex piece, Timestamp now)
    {
        bool had = _torrent.Ledger.Have[piece];
        _parts.Lifecycle.OnPieceLost(piece, now);
        if (had)
            LostPieces.Send(_torrent, _parts.Extensions, piece, now);
    }

    /// <summary>The torrent's files may be written.</summary>
    public void OnDataClaimed(Timestamp now) => _parts.Lifecycle.OnDataClaimed(now);

    /// <summary>The right to write cannot be taken now because the disk does not let us. Nothing is written meanwhile.</summary>
    public void OnDataNotClaimed(DiskFailure failure, Timestamp now) => _parts.Lifecycle.OnDataNotClaimed(failure, now);

    /// <summary>All pieces to be checked have been checked.</summary>
    public void OnCheckFinished(Timestamp now) => _parts.Lifecycle.OnCheckFinished(now);

    /// <summary>The disk failed to write or read data.</summary>
    public void OnDiskFailed(DiskFailure failure, Timestamp now) => _parts.Disk.OnFailed(failure, now);

    /// <summary>The disk works again.</summary>
    public void OnDiskRecovered(Timestamp now) => _parts.Lifecycle.OnDiskRecovered(now);

    /// <summary>A tracker answered.</summary>
    public void OnAnnounced(AnnounceTarget target, AnnounceResponse response, Timestamp now) =>
        _parts.Announcing.OnAnnounced(target, response, now);

    /// <summary>A tracker could not be reached, or its response was invalid.</summary>
    public void OnAnnounceFailed(AnnounceTarget target, string reason, Timestamp now) => _parts.Announcing.OnFailed(target, reason, now);

    /// <summary>A tracker has no address of the requested address family.</summary>
    public void OnAnnounceSkipped(AnnounceTarget target, Timestamp now) => _parts.Announcing.OnSkipped(target, now);

    /// <summary>An announce was not made, because others came first or because it was withdrawn.</summary>
    public void OnAnnouncePutOff(AnnounceTarget target, Timestamp now) => _parts.Announcing.OnPutOff(target, now);

    /// <summary>A tracker gave the torrent's counts in answer to a scrape.</summary>
    public void OnScraped(string tracker, ScrapedSwarm counts, Timestamp now) => _parts.Announcing.OnScraped(tracker, counts, now);

    /// <summary>A DHT search has ended.</summary>
    public void OnDhtSearched(DhtOutcome outcome, Timestamp now) => _parts.Dht.OnSearched(outcome, now);

    /// <summary>Peers reach us at another port than before, because a router maps it to us: it is announced.</summary>
    public void OnPortChanged(Timestamp now)
    {
        _parts.Announcing.OnPortChanged();
        _parts.Dht.OnPortChanged(now);
    }

    /// <summary>The user asks for an announce before the regular time.</summary>
    public void Reannounce(Timestamp now) => _parts.Announcing.Reannounce(now);

    /// <summary>
    /// Advances time. To be called when <see cref="NextDue"/> says, and soon (within about 100 ms) after every other input: much of what an
    /// input makes possible is done here, once for many inputs.
    /// </summary>
    public void Tick(Timestamp now)
    {
        _parts.Announcing.Tick(now);
        if (Phase is TorrentPhase.Stopped or TorrentPhase.Failed)
            return;
        _parts.Dht.Tick(now);
        _parts.Slow.Tick(now);
        _parts.Connecting.Tick(now);
        _parts.WebSeeding.Tick(now);
        _parts.Requesting.Tick(now);
        _parts.Uploading.Tick(now);
        _parts.Disk.Tick(now);
        _parts.Updates.Tick(now);
        _parts.Extensions.Tick(now);
    }

    /// <summary>
    /// When the next <see cref="Tick"/> is needed if nothing else happens; to be queried right after <see cref="Tick"/>. An earlier tick
    /// does nothing. An idle torrent needs one every few minutes, or none.
    /// </summary>
    public Timestamp NextDue(Timestamp now)
    {
        Timestamp next = _parts.Announcing.NextDue;
        if (Phase is TorrentPhase.Stopped or TorrentPhase.Failed)
            return next;
        next = Timestamp.Min(next, Timestamp.Min(_parts.Dht.NextDue, _parts.Slow.NextDue));
        next = Timestamp.Min(next, _parts.Connecting.NextDue(now));
        next = Timestamp.Min(next, _parts.WebSeeding.NextDue(now));
        next = Timestamp.Min(next, _parts.Requesting.NextDue(now));
        next = Timestamp.Min(next, _parts.Uploading.NextDue(now));
        next = Timestamp.Min(next, Timestamp.Min(_parts.Extensions.NextDue, _parts.Updates.NextDue));
        return Timestamp.Min(next, _parts.Disk.NextDue);
    }

    /// <summary>A snapshot of the torrent's status.</summary>
    public TorrentStatus Snapshot(Timestamp now) => StatusReport.Of(_torrent, _parts, now);

    /// <summary>A snapshot of each connected peer.</summary>
    public ImmutableArray<PeerStatus> Peers(Timestamp now) => PeerReport.Of(_torrent, now);

    /// <summary>A snapshot of each web seed.</summary>
    public ImmutableArray<WebSeedStatus> WebSeeds(Timestamp now) => _parts.WebSeeding.Statuses(now);

    /// <summary>A snapshot of each tracker.</summary>
    public IReadOnlyList<TrackerStatus> Trackers(Timestamp now) => _parts.Announcing.Statuses(now);

    /// <summary>A snapshot of the use of the DHT; null if it is not used.</summary>
    public TorrentDhtStatus? Dht(Timestamp now) => _parts.Dht.Status(now);

    private void TakeSettings(TorrentSettings settings)
    {
        _torrent.Settings = settings;
        if (!HasContent)
            return;
        _torrent.Picker.IsSequential = settings.Sequential;
        _torrent.WantedBytes = Priorities.Apply(_torrent.Content, settings, _torrent.Effects);
    }
}
