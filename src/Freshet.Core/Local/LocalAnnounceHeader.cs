namespace Freshet.Core.Local;

/// <summary>What a <see cref="LocalAnnounce"/> says beside its info-hashes.</summary>
internal readonly ref struct LocalAnnounceHeader
{
    /// <summary>Where the sender listens for peers, 1 to 65,535.</summary>
    public required int Port { get; init; }

    /// <summary>How many info-hashes were read.</summary>
    public required int Torrents { get; init; }

    /// <summary>By which the sender knows its own announces again; empty if there is none.</summary>
    public ReadOnlySpan<byte> Cookie { get; init; }
}
