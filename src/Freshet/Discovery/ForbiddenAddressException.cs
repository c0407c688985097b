using System.Net;

namespace Freshet.Discovery;

/// <summary>A host has no address that the request may go to.</summary>
internal sealed class ForbiddenAddressException(IPAddress address) : Exception($"{address} may not be connected to")
{
    /// <summary>One of them.</summary>
    public IPAddress Address { get; } = address;
}
