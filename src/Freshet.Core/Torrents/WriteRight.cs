namespace Freshet.Core.Torrents;

/// <summary>
/// The right to write the torrent's files, which another session may have. Nothing is fetched without it. It is asked for when something is
/// missing, and goes when nothing is, or when the run ends.
/// </summary>
internal sealed class WriteRight(ITorrentEffects effects)
{
    private bool _isWanted;
    private int _unanswered;

    public bool IsHeld { get; private set; }

    /// <summary>A run begins, with the right or without.</summary>
    public void Begin(bool isHeld)
    {
        IsHeld = isHeld;
        _isWanted = false;
        _unanswered = 0;
    }

    /// <summary>Something is to be written.</summary>
    public void Want()
    {
        if (IsHeld || _isWanted)
            return;
        _isWanted = true;
        _unanswered++;
        effects.ClaimData();
    }

    /// <summary>The right is granted; false if it is not wanted any more, or the answer is to an earlier question.</summary>
    public bool OnGranted()
    {
        if (_unanswered == 0 || --_unanswered > 0 || !_isWanted)
            return false;
        _isWanted = false;
        return IsHeld = true;
    }

    /// <summary>Nothing is missing: whoever granted the right takes it back.</summary>
    public void End() => IsHeld = _isWanted = false;
}
