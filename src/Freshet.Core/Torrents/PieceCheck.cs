using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// The check of existing data: which pieces are to be read and hashed, how many have been, and whether the torrent may read now.
/// </summary>
internal sealed class PieceCheck(TorrentContext torrent, Demands demands)
{
    private Bitfield? _pieces;
    private int _done;
    private bool _isReading;

    /// <summary>Whether a check has begun and not finished.</summary>
    public bool IsUnfinished => _pieces is not null;

    /// <summary>Checks pieces as soon as the torrent is allowed to.</summary>
    public void Begin(Bitfield pieces)
    {
        _pieces = pieces;
        _done = 0;
        _isReading = false;
        torrent.IsCheckWanted = true;
        torrent.Enter(new TorrentPhase.Checking(0, pieces.Count));
        demands.Update();
        OnAllotted();
    }

    /// <summary>Resumes an unfinished check after a disk failure, from the first piece if reading had failed.</summary>
    public void GoOn(bool fromTheFirst)
    {
        if (_pieces is not { } pieces)
            return;
        if (fromTheFirst)
        {
            Begin(pieces);
            return;
        }

        torrent.Enter(new TorrentPhase.Checking(_done, pieces.Count));
        OnAllotted();
    }

    /// <summary>The torrent may now be allowed to check.</summary>
    public void OnAllotted()
    {
        if (_isReading || _pieces is null || torrent.Phase is not TorrentPhase.Checking || !torrent.Allotment.MayCheck)
            return;
        _isReading = true;
        torrent.Effects.CheckPieces(_pieces);
    }

    public void OnPieceChecked(PieceIndex piece, bool ok)
    {
        if (_pieces is null || !_pieces[piece])
            return;
        if (ok)
            torrent.Ledger.MarkHave(piece);
        else
            torrent.Ledger.MarkLost(piece);
        _done++;
        if (torrent.Phase is TorrentPhase.Checking)
            torrent.Progress(new TorrentPhase.Checking(_done, _pieces.Count));
    }

    /// <summary>The check is finished, or the run is over.</summary>
    public void End()
    {
        _pieces = null;
        torrent.IsCheckWanted = false;
        demands.Update();
    }
}
