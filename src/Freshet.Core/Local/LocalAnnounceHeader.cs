namespace Freshet.Core.Local;

/// <summary>The fields of a <see cref="LocalAnnounce"/> other than its info-hashes.</summary>
internal readonly ref struct LocalAnnounceHeader
{
    /// <summary>The sender's listening port, 1 to 65,535.</summary>
    public required int Port { get; init; }

    /// <summary>The number of info-hashes that were read.</summary>
    public required int Torrents { get; init; }

    /// <summary>The value by which the sender recognizes its own announces; empty if there is none.</summary>
    public ReadOnlySpan<byte> Cookie { get; init; }
}
