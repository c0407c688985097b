namespace Freshet.Core.Torrents;

/// <summary>
/// The right to write the torrent's files, which another session may hold. Nothing is fetched without it. It is requested when something is
/// missing, and released when nothing is missing or the run ends.
/// </summary>
internal sealed class WriteRight(ITorrentEffects effects)
{
    private bool _isWanted;
    private int _unanswered;

    public bool IsHeld { get; private set; }

    /// <summary>A run begins, with or without the right.</summary>
    public void Begin(bool isHeld)
    {
        IsHeld = isHeld;
        _isWanted = false;
        _unanswered = 0;
    }

    /// <summary>Something must be written.</summary>
    public void Want()
    {
        if (IsHeld || _isWanted)
            return;
        _isWanted = true;
        _unanswered++;
        effects.ClaimData();
    }

    /// <summary>The right has been granted; false if it is no longer wanted, or the answer belongs to an earlier request.</summary>
    public bool OnGranted()
    {
        if (_unanswered == 0 || --_unanswered > 0 || !_isWanted)
            return false;
        _isWanted = false;
        return IsHeld = true;
    }

    /// <summary>The right cannot be granted now. It is requested again when something is still missing later.</summary>
    public void OnNotGranted()
    {
        if (_unanswered > 0 && --_unanswered == 0)
            _isWanted = false;
    }

    /// <summary>Nothing is missing: whoever granted the right releases it.</summary>
    public void End() => IsHeld = _isWanted = false;
}
