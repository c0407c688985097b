namespace Freshet.Core.Peers;

/// <summary>Everybody from whom an address came to us.</summary>
public readonly record struct PeerSources
{
    private readonly ushort _bits;

    private PeerSources(int bits) => _bits = (ushort)bits;

    /// <summary>Each of them once.</summary>
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

    /// <summary>Whether one of them is among them.</summary>
    public bool Contains(PeerSource source) => (_bits & (1 << (int)source)) != 0;

    /// <summary>
    /// Whether a private torrent may use the address (BEP 27): a tracker named it, or the user did, or it came to us by itself.
    /// </summary>
    internal bool AreAllowedForPrivate => Contains(PeerSource.Tracker) || Contains(PeerSource.Manual) || Contains(PeerSource.Incoming);

    /// <summary>Their names, with commas between.</summary>
    public override string ToString() => string.Join(", ", All);

    /// <summary>These, and one more.</summary>
    internal PeerSources With(PeerSource source) => new(_bits | (1 << (int)source));
}
