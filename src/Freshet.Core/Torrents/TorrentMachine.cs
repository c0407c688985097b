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
/// Decides everything about one torrent: a method for each thing that can happen, <see cref="ITorrentEffects"/> for what it asks
/// for. Every method returns soon, and none calls back into the machine. This type only routes; the parts own the data.
/// </summary>
internal sealed class TorrentMachine
{
    private readonly TorrentContext _torrent;
    private readonly TorrentParts _parts;

    /// <param name="options">What stays the same.</param>
    /// <param name="effects">What can be asked for.</param>
    /// <param name="random">Every decision by chance; the same seed and inputs make the same run.</param>
    public TorrentMachine(TorrentMachineOptions options, ITorrentEffects effects, Random random)
    {
        _torrent = new TorrentContext(options, effects, random);
        _parts = new TorrentParts(_torrent);
    }

    /// <summary>Of parts that somebody else has at hand too.</summary>
    public TorrentMachine(TorrentContext torrent, TorrentParts parts)
    {
        _torrent = torrent;
        _parts = parts;
    }

    /// <summary>Whether the torrent's metadata is known, so that it has pieces and files.</summary>
    public bool HasContent => _torrent.HasContent;

    /// <summary>By what the torrent is known, and where to ask for peers; more than at its birth once the metadata is there.</summary>
    public SwarmIdentity Identity => _torrent.Identity;

    /// <summary>The extensions that the torrent speaks (BEP 10); others once the metadata says whether it is private.</summary>
    public ExtensionTable ExtensionTable => _torrent.ExtensionTable;

    /// <summary>What the torrent is about.</summary>
    public TorrentPhase Phase => _torrent.Phase;

    /// <summary>The pieces that are there and verified. Not to be changed.</summary>
    public Bitfield Have => _torrent.Ledger.Have;

    /// <summary>Whether there are pieces on disk of which is not known yet whether they are good.</summary>
    public bool IsCheckUnfinished => _parts.Check.IsUnfinished;

    /// <summary>Whether the right to write the torrent's files is held.</summary>
    public bool MayWrite => _torrent.WriteRight.IsHeld;

    /// <summary>Whether the run is over and nothing more is to be said to trackers; the shell need not wait longer.</summary>
    public bool HasLeft => (Phase is TorrentPhase.Stopped or TorrentPhase.Failed) && _parts.Announcing.HasLeft;

    /// <summary>Begins a run: with what is there, and what of it to check first.</summary>
    public void Start(StartingPoint start, Timestamp now) => _parts.Lifecycle.Start(start, now);

    /// <summary>
    /// The metadata is known, from a file, from peers or from an earlier run; it comes once, at any time. In a run that has waited for it,
    /// this is what is on disk, and the run goes on with that; else the next <see cref="Start"/> says so.
    /// </summary>
    /// <exception cref="ArgumentException">It is another torrent's.</exception>
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
            _parts.Connecting.KeepToTrackers(now);
        _parts.Sourcing.OnMetadata();
        _parts.Messages.OnMetadata(now);
        if (wasFetched)
            _parts.MetadataFetch.Reset();
        _parts.Extensions.OnMetadata(now);
        _parts.Lifecycle.OnMetadata(start, now);
    }

    /// <summary>The bytes of the info dictionary were read, for peers that asked for them; none if they could not be.</summary>
    public void OnMetadataRead(ReadOnlyMemory<byte> info, Timestamp now) =>
        _parts.MetadataServing.OnRead(info, _parts.Extensions, now);

    /// <summary>Ends the run: peers are left, trackers told. Ticks until <see cref="HasLeft"/>.</summary>
    public void Stop(Timestamp now)
    {
        _parts.Lifecycle.Stop(now);
        _parts.Extensions.Reset();
        _parts.WebSeeding.End();
    }

    /// <summary>Ends the run for a reason that only the user can mend, or says why none can begin.</summary>
    public void Fail(string reason, TorrentReason code, Timestamp now)
    {
        _parts.Lifecycle.Fail(reason, code, now);
        _parts.Extensions.Reset();
        _parts.WebSeeding.End();
    }

    /// <summary>The user changed what is wanted, or how; or other addresses are blocked.</summary>
    public void ApplySettings(TorrentSettings settings, Timestamp now)
    {
        TakeSettings(settings);
        _parts.Requesting.CancelUnwanted(now);
        _parts.Connecting.KeepToFilter(now);
        _parts.Connecting.KeepTo(settings.MaxPeers, now);
        _parts.Interest.UpdateAll(now);
        _parts.Lifecycle.OnLedgerChanged(now);
        _parts.Uploading.Unchoke(now);
        _parts.Connecting.Dial(now);
    }

    /// <summary>The session allots what all torrents compete for.</summary>
    public void OnAllotted(Allotment allotment, Timestamp now)
    {
        bool fewerSlots = allotment.UploadSlots < _torrent.Allotment.UploadSlots;
        bool moreSlots = allotment.UploadSlots > _torrent.Allotment.UploadSlots;
        _torrent.Allotment = allotment;
        if (fewerSlots || moreSlots)
            _parts.Uploading.Unchoke(now);
        _parts.Check.OnAllotted();
        _parts.Lifecycle.OnAllotted(now);
        _parts.Connecting.Dial(now);
    }

    /// <summary>The session is full, and another torrent has fewer connections: one is to go, whichever is the least useful.</summary>
    public void OnMakeRoom(Timestamp now)
    {
        if (!_parts.Connecting.MakeRoom(now))
            _torrent.Effects.NoRoomMade();
        _parts.Uploading.Settle(now);
    }

    /// <summary>Somebody waits for these pieces, in this order, until then.</summary>
    public void SetDeadline(ReadOnlySpan<PieceIndex> pieces, Timestamp when, Timestamp now)
    {
        foreach (PieceIndex piece in pieces)
        {
            if (_torrent.Layout.Contains(piece) && !_torrent.Ledger.Have[piece])
                _torrent.Picker.Deadlines.Set(piece, when);
        }

        _parts.Requesting.RefillAll(now);
    }

    /// <summary>Somebody reads a file: the torrent's bytes from here on are needed next, up to the end of the file.</summary>
    public void MoveReader(ReaderKey reader, long offset, long end, Timestamp now) => _parts.Reading.Move(reader, offset, end, now);

    /// <summary>Nobody reads there any more.</summary>
    public void EndReader(ReaderKey reader, Timestamp now) => _parts.Reading.End(reader, now);

    /// <summary>
    /// Addresses of peers came. Those from the DHT and the local network are not used if the torrent has turned out to be private.
    /// </summary>
    public void OnPeersFound(IReadOnlyList<IPEndPoint> endPoints, PeerSource source, Timestamp now)
    {
        if (source is not (PeerSource.Dht or PeerSource.Local) || Identity.IsPrivate != true)
            _parts.Connecting.OnPeersFound(endPoints, source, now);
    }

    /// <summary>A connection is made, whoever dialled, and both handshakes are done.</summary>
    public void OnConnected(PeerKey key, ConnectedPeer peer, Timestamp now)
    {
        _parts.Connecting.OnConnected(key, peer, now);
        if (_torrent.Peers.Find(key) is { } connected)
            _parts.Dht.Greet(connected, now);
    }

    /// <summary>A peer that we dialled could not be connected with.</summary>
    public void OnConnectFailed(IPEndPoint endPoint, DisconnectReason reason, Timestamp now)
    {
        _parts.Connecting.OnConnectFailed(endPoint, reason, now);
        _parts.HolePunching.OnConnectFailed(endPoint, reason, _parts.Extensions, now);
    }

    /// <summary>
    /// A connection ended, not by us. What it was asked for is asked of others at the next tick, once for all that ended till then.
    /// </summary>
    public void OnDisconnected(PeerKey key, DisconnectReason reason, Timestamp now, string? words = null)
    {
        if (_torrent.Peers.Find(key) is not { } peer)
            return;
        _parts.Departures.OnGone(peer, reason, now, words);
        _parts.Uploading.Settle(now);
    }

    /// <summary>Messages of a peer, a receive batch at once; the leases in them are now ours.</summary>
    public void OnMessages(PeerKey key, ReadOnlySpan<PeerMessage> batch, Timestamp now)
    {
        if (_torrent.Peers.Find(key) is { } peer)
            _parts.Messages.OnMessages(peer, batch, now);
        else
            _parts.Messages.Discard(batch);
    }

    /// <summary>The next block of a request to a web seed; its lease is now ours.</summary>
    public void OnFetched(PeerKey seed, FetchKey fetch, BlockRange range, BlockLease lease, Timestamp now) =>
        _parts.WebSeeding.OnFetched(seed, fetch, range, lease, now);

    /// <summary>A request to a web seed has ended by itself, after its last block.</summary>
    public void OnFetchEnded(PeerKey seed, FetchKey fetch, in FetchEnd end, Timestamp now) =>
        _parts.WebSeeding.OnFetchEnded(seed, fetch, end, now);

    /// <summary>A block has left for a peer.</summary>
    public void OnUploaded(PeerKey key, BlockRange block, Timestamp now)
    {
        if (_torrent.Peers.Find(key) is { } peer)
            _parts.Uploading.OnUploaded(peer, block, now);
    }

    /// <summary>A block that was to be sent could not be read.</summary>
    public void OnUploadFailed(PeerKey key, BlockRange block, Timestamp now)
    {
        if (_torrent.Peers.Find(key) is { } peer)
            Uploading.OnUploadFailed(peer, block, now);
    }

    /// <summary>A piece that came from peers was written, and has its hash or not.</summary>
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

    /// <summary>A piece that was on disk was read, and has its hash or not.</summary>
    public void OnPieceChecked(PieceIndex piece, bool ok) => _parts.Check.OnPieceChecked(piece, ok);

    /// <summary>The disk cannot give a piece back: it has to come again.</summary>
    public void OnPieceLost(PieceIndex piece, Timestamp now)
    {
        bool had = _torrent.Ledger.Have[piece];
        _parts.Lifecycle.OnPieceLost(piece, now);
        if (had)
            LostPieces.Tell(_torrent, _parts.Extensions, piece, now);
    }

    /// <summary>The torrent's files may be written.</summary>
    public void OnDataClaimed(Timestamp now) => _parts.Lifecycle.OnDataClaimed(now);

    /// <summary>All pieces that were to be checked are.</summary>
    public void OnCheckFinished(Timestamp now) => _parts.Lifecycle.OnCheckFinished(now);

    /// <summary>The disk did not take or give data.</summary>
    public void OnDiskFailed(DiskFailure failure, Timestamp now) => _parts.Disk.OnFailed(failure, now);

    /// <summary>The disk takes and gives data again.</summary>
    public void OnDiskRecovered(Timestamp now) => _parts.Lifecycle.OnDiskRecovered(now);

    /// <summary>A tracker answered.</summary>
    public void OnAnnounced(AnnounceTarget target, AnnounceResponse response, Timestamp now) =>
        _parts.Announcing.OnAnnounced(target, response, now);

    /// <summary>A tracker could not be asked, or made no sense.</summary>
    public void OnAnnounceFailed(AnnounceTarget target, string reason, Timestamp now) => _parts.Announcing.OnFailed(target, reason, now);

    /// <summary>A tracker has no address of the family over which it was to be asked.</summary>
    public void OnAnnounceSkipped(AnnounceTarget target, Timestamp now) => _parts.Announcing.OnSkipped(target, now);

    /// <summary>An announce was not made: others came first, or it was taken back.</summary>
    public void OnAnnouncePutOff(AnnounceTarget target, Timestamp now) => _parts.Announcing.OnPutOff(target, now);

    /// <summary>A search in the DHT is over.</summary>
    public void OnDhtSearched(DhtOutcome outcome, Timestamp now) => _parts.Dht.OnSearched(outcome, now);

    /// <summary>A person asks to announce to the trackers before the regular time.</summary>
    public void Reannounce(Timestamp now) => _parts.Announcing.Reannounce(now);

    /// <summary>
    /// Time passes. To be called when <see cref="NextDue"/> says, and soon (a tenth of a second is fine) after every other input: much of
    /// what an input makes possible is done here, once for many of them.
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
    /// Asked right after <see cref="Tick"/>: when the next is needed if nothing else happens till then. An earlier one does nothing. A
    /// torrent at rest needs one every few minutes, or none.
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

    /// <summary>How it stands.</summary>
    public TorrentStatus Snapshot(Timestamp now) => StatusReport.Of(_torrent, _parts, now);

    /// <summary>How it stands with each connected peer.</summary>
    public ImmutableArray<PeerStatus> Peers(Timestamp now) => PeerReport.Of(_torrent, now);

    /// <summary>How it stands with each web seed.</summary>
    public ImmutableArray<WebSeedStatus> WebSeeds(Timestamp now) => _parts.WebSeeding.Statuses(now);

    /// <summary>How it stands with each tracker.</summary>
    public IReadOnlyList<TrackerStatus> Trackers(Timestamp now) => _parts.Announcing.Statuses(now);

    /// <summary>How it stands with the DHT; null if it does not use it.</summary>
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
