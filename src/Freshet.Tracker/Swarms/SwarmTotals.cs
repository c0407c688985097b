namespace Freshet.Tracker.Swarms;

/// <summary>The number of peers of each kind in all swarms together. Each peer table maintains its part.</summary>
internal sealed class SwarmTotals
{
    public const int Roles = 3;
    public const int Kinds = 2 * Roles;

    private readonly int[] _peers = new int[Kinds];

    /// <summary>Peers that have everything.</summary>
    public int Seeds => _peers[KindOf(false, PeerRole.Seed)] + _peers[KindOf(true, PeerRole.Seed)];

    /// <summary>Peers on IPv6.</summary>
    public int PeersV6 => _peers[Roles] + _peers[Roles + 1] + _peers[Roles + 2];

    /// <summary>The number of completions reported by peers.</summary>
    public long Downloaded { get; set; }

    /// <summary>The index of a family and role.</summary>
    public static int KindOf(bool isV6, PeerRole role) => ((isV6 ? 1 : 0) * Roles) + (int)role;

    public void Add(int kind, int count) => _peers[kind] += count;
}
