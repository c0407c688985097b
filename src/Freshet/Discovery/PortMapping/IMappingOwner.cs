using System.Net;
using Freshet.Core.PortMapping;

namespace Freshet.Discovery.PortMapping;

/// <summary>Hears what becomes of mappings. Called on any thread; must return soon.</summary>
internal interface IMappingOwner
{
    /// <summary>A port of the router leads to ours, or, if it is 0, none does any more.</summary>
    void OnMapped(MappingSource source, MappedProtocol protocol, int externalPort, IPAddress? externalAddress);

    /// <summary>The router maps nothing for now.</summary>
    void OnFailed(MappingSource source, string reason);
}
