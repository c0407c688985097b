using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Running;

/// <summary>Collects what the parts of a session learn about its external addresses, from any thread.</summary>
internal sealed class SharedAddresses : IExternalAddresses
{
    private readonly Lock _lock = new();
    private readonly ExternalAddresses _addresses = new();

    /// <summary>The accepted addresses, at most one of each family.</summary>
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
