using Freshet.Core.Dht.Krpc;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>The state shared by the parts of a <see cref="DhtMachine"/>.</summary>
internal sealed class DhtContext
{
    public DhtContext(DhtMachineOptions options, IDhtEffects effects, Random random, Timestamp now)
    {
        Options = options;
        Effects = effects;
        Random = random;
        Addresses = options.Addresses ?? new ExternalAddresses();
        List<DhtSide> sides = [];
        if (options.HasV4)
            sides.Add(new DhtSide(isV6: false, options.Memory.Id ?? NodeId.Random(random)));
        if (options.HasV6)
            sides.Add(new DhtSide(isV6: true, options.Memory.Id6 ?? NodeId.Random(random)));
        Sides = sides;
        Queries = new QueryBook(this, now);
        Correspondents = new Correspondents(now);
    }

    public DhtMachineOptions Options { get; }

    public IDhtEffects Effects { get; }

    public Random Random { get; }

    public IExternalAddresses Addresses { get; }

    /// <summary>One side for each address family with a socket.</summary>
    public IReadOnlyList<DhtSide> Sides { get; }

    public KrpcWriter Writer { get; } = new();

    public QueryBook Queries { get; }

    public Correspondents Correspondents { get; }

    public DhtCounts Counts { get; } = new();

    public DhtSide? SideOf(bool isV6)
    {
        foreach (DhtSide side in Sides)
        {
            if (side.IsV6 == isV6)
                return side;
        }

        return null;
    }

    /// <summary>Whether a node may be queried: its address is reachable and, if required, its id matches the address.</summary>
    public bool Accepts(NodeInfo info) => Options.Allows(info.Address) && HasGoodId(info);

    public bool HasGoodId(NodeInfo info) => !Options.EnforcesIds || SecureNodeId.IsValid(info.Id, info.Address);
}
