using System.Net;

namespace Freshet.Discovery;

/// <summary>A host has only addresses that the request may not go to.</summary>
internal sealed class ForbiddenAddressException(IPAddress address) : Exception($"{address} may not be connected to")
{
    /// <summary>One of them.</summary>
    public IPAddress Address { get; } = address;
}
