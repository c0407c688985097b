namespace Freshet;

/// <summary>A torrent cannot continue until the user takes action; the message says which.</summary>
public sealed class TorrentFailedException : FreshetException
{
    /// <summary>Creates an exception without a message.</summary>
    public TorrentFailedException() => Error = FreshetError.TorrentFailed;

    /// <summary>Creates an exception with a message.</summary>
    public TorrentFailedException(string message)
        : base(FreshetError.TorrentFailed, message)
    {
    }

    /// <summary>Creates an exception with a message and a cause.</summary>
    public TorrentFailedException(string message, Exception? innerException)
        : base(FreshetError.TorrentFailed, message, innerException)
    {
    }
}
