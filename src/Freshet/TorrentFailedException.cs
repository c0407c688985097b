namespace Freshet;

/// <summary>A torrent cannot go on until its user has done something; the message says what.</summary>
public sealed class TorrentFailedException : FreshetException
{
    /// <summary>With no words.</summary>
    public TorrentFailedException() => Error = FreshetError.TorrentFailed;

    /// <summary>With words.</summary>
    public TorrentFailedException(string message)
        : base(FreshetError.TorrentFailed, message)
    {
    }

    /// <summary>With words and the cause.</summary>
    public TorrentFailedException(string message, Exception? innerException)
        : base(FreshetError.TorrentFailed, message, innerException)
    {
    }
}
