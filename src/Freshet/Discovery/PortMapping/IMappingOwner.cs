using System.Net;
using Freshet.Core.PortMapping;

namespace Freshet.Discovery.PortMapping;

/// <summary>Is notified of mappings. Called on any thread; must return quickly.</summary>
internal interface IMappingOwner
{
    /// <summary>A port of the router is mapped to ours, or, if it is 0, none is any more.</summary>
    void OnMapped(MappingSource source, MappedProtocol protocol, int externalPort, IPAddress? externalAddress);

    /// <summary>The router maps nothing for now.</summary>
    void OnFailed(MappingSource source, string reason);

    /// <summary>Something happened that nobody expected, which is a bug. The mapping goes on.</summary>
    void OnFault(Exception fault);
}
