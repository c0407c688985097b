using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Makes HTTP connections: from the session's binding, over one family or any, and only to permitted addresses. A host without a permitted
/// address causes a <see cref="ForbiddenAddressException"/>. A proxy, if there is one, gets the name unresolved.
/// </summary>
internal sealed class BoundConnector(NetworkBinding binding, TimeSpan patience)
{
    /// <summary>The family to connect over, or <see cref="AddressFamily.Unspecified"/> for any.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>Which addresses may be connected to.</summary>
    public AddressReach Reach { get; init; } = AddressReach.Everywhere;

    /// <summary>The proxy that all connections go through; null for none.</summary>
    public ProxyDialer? Proxy { get; init; }

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        if (Proxy is not null)
        {
            EndPoint target = IPAddress.TryParse(context.DnsEndPoint.Host, out IPAddress? literal)
                ? new IPEndPoint(literal, context.DnsEndPoint.Port)
                : context.DnsEndPoint;
            return new NetworkStream(await Proxy.ConnectAsync(target, cancellationToken).ConfigureAwait(false), ownsSocket: true);
        }

        IPAddress[] addresses = await binding.Names.ResolveAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        IPAddress[] within = Array.FindAll(addresses, address => Reach.Includes(AddressScopes.Of(address)));
        if (within.Length == 0 && addresses.Length > 0)
            throw new ForbiddenAddressException(addresses[0]);
        HostDialer dialer = new(binding, patience) { Family = Family };
        Socket socket = await dialer.ConnectAsync(within, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
