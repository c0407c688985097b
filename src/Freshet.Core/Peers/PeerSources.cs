namespace Freshet.Core.Peers;

/// <summary>A set of sources of a peer's address.</summary>
public readonly record struct PeerSources
{
    private readonly ushort _bits;

    private PeerSources(int bits) => _bits = (ushort)bits;

    /// <summary>The sources, each once.</summary>
    public IEnumerable<PeerSource> All
    {
        get
        {
            for (PeerSource source = default; _bits >> (int)source != 0; source++)
            {
                if (Contains(source))
                    yield return source;
            }
        }
    }

    /// <summary>Whether a source is in the set.</summary>
    public bool Contains(PeerSource source) => (_bits & (1 << (int)source)) != 0;

    /// <summary>
    /// Whether a private torrent may dial the address (BEP 27): a tracker or the user supplied it. Whoever connected to us may know of us
    /// from anywhere.
    /// </summary>
    internal bool AreAllowedForPrivate => Contains(PeerSource.Tracker) || Contains(PeerSource.Manual);

    /// <summary>The names of the sources, separated by commas.</summary>
    public override string ToString() => string.Join(", ", All);

    /// <summary>A set of one source, or of none.</summary>
    internal static PeerSources Of(PeerSource? source) => source is { } known ? default(PeerSources).With(known) : default;

    /// <summary>This set with one more source.</summary>
    internal PeerSources With(PeerSource source) => new(_bits | (1 << (int)source));

    /// <summary>The sources of both sets.</summary>
    internal PeerSources With(PeerSources others) => new(_bits | others._bits);
}
