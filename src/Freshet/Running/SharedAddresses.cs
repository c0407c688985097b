using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Running;

/// <summary>What a session's parts hear of its addresses, from any thread.</summary>
internal sealed class SharedAddresses : IExternalAddresses
{
    private readonly Lock _lock = new();
    private readonly ExternalAddresses _addresses = new();

    /// <summary>Those that are believed, at most one of a family.</summary>
    public ImmutableArray<ExternalAddressStatus> All =>
        [.. new[] { Find(isV6: false), Find(isV6: true) }.OfType<ExternalAddressStatus>()];

    public void Hear(IPAddress address, ExternalAddressSources source, Origin voter)
    {
        lock (_lock)
            _addresses.Hear(address, source, voter);
    }

    public ExternalAddressStatus? Find(bool isV6)
    {
        lock (_lock)
            return _addresses.Find(isV6);
    }
}
