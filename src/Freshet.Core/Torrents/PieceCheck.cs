using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// The check of what is on disk: which pieces are read and hashed, how many have been, and whether it is this torrent's turn to read.
/// </summary>
internal sealed class PieceCheck(TorrentContext torrent, Demands demands)
{
    private Bitfield? _pieces;
    private int _done;
    private bool _isReading;

    /// <summary>Whether a check was begun and has not come to its end.</summary>
    public bool IsUnfinished => _pieces is not null;

    /// <summary>Checks pieces, as soon as it is this torrent's turn.</summary>
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

    /// <summary>
    /// Goes on with an unfinished check after trouble with the disk, from the first piece if that was trouble with reading.
    /// </summary>
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

    /// <summary>It may be the turn of this torrent.</summary>
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

    /// <summary>All is checked, or the run is over.</summary>
    public void End()
    {
        _pieces = null;
        torrent.IsCheckWanted = false;
        demands.Update();
    }
}
