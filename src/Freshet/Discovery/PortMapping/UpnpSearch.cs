using System.Net;
using System.Net.Sockets;
using Freshet.Core.PortMapping;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>Searches the local network for UPnP gateways, and accepts answers of the router alone.</summary>
internal static class UpnpSearch
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>The URL of the router's description; null if it does not answer.</summary>
    public static async Task<Uri?> RunAsync(NetworkBinding binding, Gateway gateway, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            using Socket socket = binding.Open(AddressFamily.InterNetwork, SocketType.Dgram);
            if (binding.Target is null)
                socket.Bind(new IPEndPoint(gateway.Local, 0));
            socket.SetSocketOption(
                SocketOptionLevel.IP, SocketOptionName.MulticastInterface, BitConverter.ToInt32(gateway.Local.GetAddressBytes()));

            // Also sent to the router itself, since some networks carry no multicast.
            foreach (IPAddress target in (IPAddress[])[SsdpAnswer.Group, gateway.Router])
            {
                foreach (string search in SsdpAnswer.Targets)
                    socket.SendTo(SsdpAnswer.WriteSearch(search), new IPEndPoint(target, SsdpAnswer.Port));
            }

            return await ListenAsync(socket, gateway.Router, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<Uri?> ListenAsync(Socket socket, IPAddress router, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[PortMappingLimits.MaxSsdpLength + 1];
        IPEndPoint any = new(IPAddress.Any, 0);
        for (int answers = 0; answers < PortMappingLimits.MaxSsdpAnswers;)
        {
            SocketReceiveFromResult received =
                await socket.ReceiveFromAsync(buffer, SocketFlags.None, any, cancellationToken).ConfigureAwait(false);
            IPAddress sender = ((IPEndPoint)received.RemoteEndPoint).Address;

            // Answers of others are ignored, and do not use up the router's chance.
            if (!sender.Equals(router))
                continue;
            answers++;
            if (SsdpAnswer.TryRead(buffer.AsSpan(0, received.ReceivedBytes), sender, out Uri? location))
                return location;
        }

        return null;
    }
}
