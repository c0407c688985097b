using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>The binding of proxied traffic: it opens no socket and resolves no name.</summary>
internal static class SealedBinding
{
    private const string Words = "Only the proxy may be used.";

    /// <param name="own">Where the proxy is connected to from.</param>
    public static NetworkBinding Of(NetworkBinding own) => new(own.Target)
    {
        Filter = own.Filter,
        Names = new NameResolver(static _ => throw new SocketException((int)SocketError.HostNotFound, Words)),
        NewSocket = static (_, _) => throw new SocketException((int)SocketError.AccessDenied, Words),
    };
}
