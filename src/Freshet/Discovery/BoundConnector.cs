using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Makes HTTP's connections: from where the session's binding says, over one family or any, and only to addresses within reach. A host with
/// none of them is a <see cref="ForbiddenAddressException"/>.
/// </summary>
internal sealed class BoundConnector(NetworkBinding binding, TimeSpan patience)
{
    /// <summary>The family to connect over, or <see cref="AddressFamily.Unspecified"/> for any.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>Which addresses may be connected to.</summary>
    public AddressReach Reach { get; init; } = AddressReach.Everywhere;

    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await binding.Names.ResolveAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        IPAddress[] within = Array.FindAll(addresses, address => Reach.Includes(AddressScopes.Of(address)));
        if (within.Length == 0 && addresses.Length > 0)
            throw new ForbiddenAddressException(addresses[0]);
        HostDialer dialer = new(binding, patience) { Family = Family };
        Socket socket = await dialer.ConnectAsync(within, context.DnsEndPoint.Port, cancellationToken).ConfigureAwait(false);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
