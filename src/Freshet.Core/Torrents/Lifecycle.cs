using Freshet.Core.Peers;
using Freshet.Core.Pieces;

using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// The way of a torrent through its phases: checked, then downloading or seeding as wanted pieces are missing or not, paused while
/// the disk fails, stopped in the end.
/// </summary>
internal sealed class Lifecycle(TorrentContext torrent, TorrentParts parts)
{
    private Bitfield? _toCheck;
    private int _checked;
    private bool _isReading;
    private bool _owesHaves;
    private bool _hasAnnounced;
    private bool _owesCompletion;

    /// <summary>Whether a check was begun and has not come to its end.</summary>
    public bool IsCheckUnfinished => _toCheck is not null;

    public void Start(StartingPoint start, Timestamp now)
    {
        if (torrent.Phase is not (TorrentPhase.Stopped or TorrentPhase.Failed))
            return;
        torrent.BeginRun(now);

        // The stop ended connections that may be made again, and a user who starts does not want to wait.
        torrent.Book.WakeAll();
        parts.Disk.Reset();
        _hasAnnounced = false;
        _owesCompletion = false;
        _owesHaves = false;
        if (torrent.HasContent)
            TakeOver(start);
        CheckOrOpen(start, now);
    }

    /// <summary>The metadata is there. Peers may be connected, and know nothing of what is found on disk.</summary>
    public void OnMetadata(StartingPoint start, Timestamp now)
    {
        bool isAwaited = torrent.Phase is TorrentPhase.FetchingMetadata;
        if (isAwaited)
            TakeOver(start);
        parts.Messages.OnMetadata(now);
        parts.Extensions.OnMetadata(now);
        if (!isAwaited)
            return;
        _owesHaves = true;
        CheckOrOpen(start, now);
    }

    private void CheckOrOpen(StartingPoint start, Timestamp now)
    {
        if (torrent.HasContent && start.ToCheck is { Count: > 0 } toCheck)
            Check(toCheck);
        else
            Open(now);
    }

    public void Stop(Timestamp now) => End(new TorrentPhase.Stopped(), now);

    public void Fail(string reason, TorrentReason code, Timestamp now) => End(new TorrentPhase.Failed(reason) { Code = code }, now);

    public void OnPieceChecked(PieceIndex piece, bool ok)
    {
        if (_toCheck is null || !_toCheck[piece])
            return;
        if (ok)
            torrent.Ledger.MarkHave(piece);
        else
            torrent.Ledger.MarkLost(piece);
        _checked++;
        if (torrent.Phase is TorrentPhase.Checking)
            torrent.Progress(new TorrentPhase.Checking(_checked, _toCheck.Count));
    }

    public void OnPieceLost(PieceIndex piece, Timestamp now)
    {
        if (torrent.Ledger.Have[piece])
        {
            torrent.Ledger.MarkLost(piece);
            OnLedgerChanged(now);
        }
        else
        {
            torrent.Ledger.Discard(piece);
            torrent.Effects.DiscardPiece(piece);
        }

        if (torrent.Phase is not TorrentPhase.Downloading)
            return;
        parts.Interest.UpdateAll(now);
        parts.Requesting.RefillAll(now);
    }

    public void OnCheckFinished(Timestamp now)
    {
        EndCheck();
        if (torrent.Phase is TorrentPhase.Checking)
            Open(now);
    }

    public void OnDiskRecovered(Timestamp now)
    {
        if (torrent.Phase is not TorrentPhase.Paused)
            return;
        bool mustCheck = parts.Disk.MustCheck;
        parts.Disk.OnRecovered(now);
        if (mustCheck && _toCheck is { } toCheck)
        {
            Check(toCheck);
        }
        else if (_toCheck is { } stillChecked)
        {
            torrent.Enter(new TorrentPhase.Checking(_checked, stillChecked.Count));
            OnAllotted();
        }
        else
        {
            Open(now);
        }
    }

    /// <summary>A piece is there, or what is wanted changed: the torrent may be finished now, or no longer.</summary>
    public void OnLedgerChanged(Timestamp now)
    {
        if (torrent.Phase is TorrentPhase.Downloading && torrent.Ledger.IsFinished)
            Finish(now);
        else if (torrent.Phase is TorrentPhase.Seeding && !torrent.Ledger.IsFinished)
            Open(now);
    }

    private void EndCheck()
    {
        _toCheck = null;
        torrent.IsCheckWanted = false;
        parts.Demands.Update();
    }

    private void End(TorrentPhase phase, Timestamp now)
    {
        bool wasRunning = torrent.Phase is not (TorrentPhase.Stopped or TorrentPhase.Failed);
        torrent.IsOpenToPeers = false;
        torrent.Enter(phase);
        if (!wasRunning)
            return;
        torrent.Book.ForgetDials();
        parts.Departures.DropAll(DisconnectReason.TorrentStopped, now);
        torrent.Ledger.EndDownload();
        parts.Disk.Reset();
        EndCheck();
        if (_hasAnnounced)
            parts.Announcing.Stop(now);
    }

    private void TakeOver(StartingPoint start)
    {
        if (start.Have.IsFull)
        {
            torrent.Ledger.MarkAllHave();
            return;
        }

        Bitfield had = torrent.Ledger.Have.Clone();
        for (PieceIndex? piece = had.FirstAtOrAfter(default); piece is { } before; piece = had.FirstAtOrAfter(new(before.Value + 1)))
        {
            if (!start.Have[before])
                torrent.Ledger.MarkLost(before);
        }

        for (PieceIndex? piece = start.Have.FirstAtOrAfter(default);
            piece is { } have;
            piece = start.Have.FirstAtOrAfter(new(have.Value + 1)))
            torrent.Ledger.MarkHave(have);
        foreach (PartialPiece partial in start.Partials)
            torrent.Ledger.TryRestore(partial.Piece, partial.Blocks.Span);
    }

    private void Check(Bitfield toCheck)
    {
        _toCheck = toCheck;
        _checked = 0;
        _isReading = false;
        torrent.IsCheckWanted = true;
        torrent.Enter(new TorrentPhase.Checking(0, toCheck.Count));
        parts.Demands.Update();
        OnAllotted();
    }

    /// <summary>It may be the turn of this torrent to be checked.</summary>
    public void OnAllotted()
    {
        if (_isReading || _toCheck is null || torrent.Phase is not TorrentPhase.Checking || !torrent.Allotment.MayCheck)
            return;
        _isReading = true;
        torrent.Effects.CheckPieces(_toCheck);
    }

    // Peers may come, and what is missing is fetched.
    private void Open(Timestamp now)
    {
        bool wasSeeding = torrent.Phase is TorrentPhase.Seeding;
        torrent.IsOpenToPeers = true;
        if (!torrent.HasContent)
        {
            Await(now);
            return;
        }

        if (_owesHaves)
            Greeting.SendFound(torrent, now);
        _owesHaves = false;
        if (torrent.Ledger.IsFinished && _owesCompletion)
        {
            // The last piece came while the disk was in trouble over another.
            Finish(now);
            return;
        }

        _owesCompletion = !torrent.Ledger.IsFinished;
        if (_owesCompletion && !torrent.Availability.IsCounting)
            torrent.Ledger.BeginDownload(torrent.Sources.All.Select(source => source.Has));
        else if (!_owesCompletion)
            torrent.Ledger.EndDownload();
        torrent.Book.SetDownloading(_owesCompletion);
        torrent.Enter(_owesCompletion ? new TorrentPhase.Downloading() : new TorrentPhase.Seeding());
        if (!_hasAnnounced)
            parts.Announcing.Start(now);
        _hasAnnounced = true;
        if (wasSeeding)
        {
            torrent.Book.WakeAll();
            Greeting.SendUpdate(torrent, now);
        }

        parts.Connecting.Dial(now);
        parts.Interest.UpdateAll(now);
        parts.Requesting.RefillAll(now);
    }

    // Peers may come, and tell what the torrent holds.
    private void Await(Timestamp now)
    {
        torrent.Book.SetDownloading(true);
        torrent.Enter(new TorrentPhase.FetchingMetadata());
        if (!_hasAnnounced)
            parts.Announcing.Start(now);
        _hasAnnounced = true;
        parts.Connecting.Dial(now);
    }

    private void Finish(Timestamp now)
    {
        _owesCompletion = false;
        torrent.Book.SetDownloading(false);
        torrent.Enter(new TorrentPhase.Seeding());
        torrent.Effects.Report(new TorrentFact.Completed(now - torrent.StartedAt));
        parts.Requesting.CancelAll(now);
        torrent.Ledger.EndDownload();
        parts.Interest.UpdateAll(now);
        parts.Announcing.OnFinished(now);
        Greeting.SendUpdate(torrent, now);
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
            parts.Connecting.DropIfBothSeed(torrent.Peers.All[i], now);
    }
}
