namespace Freshet.Core.Peers;

/// <summary>Everybody from whom an address came to us, in one byte or two.</summary>
internal readonly record struct PeerSources
{
    private readonly ushort _bits;

    private PeerSources(int bits) => _bits = (ushort)bits;

    /// <summary>These, and one more.</summary>
    public PeerSources With(PeerSource source) => new(_bits | (1 << (int)source));

    public bool Contains(PeerSource source) => (_bits & (1 << (int)source)) != 0;
}
