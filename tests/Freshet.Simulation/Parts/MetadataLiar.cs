using System.Net;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Simulation.Parts;

/// <summary>
/// Offers metadata of some size, and answers requests for it with anything; and names peers that do not exist, as often as it is allowed
/// to.
/// </summary>
/// <param name="swarm">The swarm.</param>
/// <param name="host">Its host.</param>
/// <param name="size">The size of the metadata that it claims to have, in bytes.</param>
/// <param name="give">Its answer to a request for a piece; null for none.</param>
internal sealed class MetadataLiar(SimSwarm swarm, SimHost host, int size, Func<int, byte[]?> give) : ScriptedPeer(swarm, host)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(61);

    private readonly Random _random = swarm.NewRandom();
    private byte _metadataNumber;

    protected override void OnConnected(SimConnection connection)
    {
        connection.Send(PeerMessage.HaveNone);
        ExtensionHandshake handshake = new()
        {
            Extensions = [new("ut_metadata", ExtensionRows.Metadata.Number), new("ut_pex", ExtensionRows.PeerExchange.Number)],
            MetadataSize = size,
        };
        connection.Send(PeerMessage.Extended(ExtensionHandshake.MessageNumber, handshake.ToArray()));
    }

    protected override void OnExtended(SimConnection connection, in PeerMessage message)
    {
        if (message.Number == ExtensionHandshake.MessageNumber)
        {
            if (!ExtensionHandshake.TryParse(message.Payload.Span, out ExtensionHandshake theirs))
                return;
            foreach (PeerExtension extension in theirs.Extensions)
            {
                if (extension.Name == "ut_metadata" && extension.Number > 0)
                    _metadataNumber = extension.Number;
                if (extension.Name == "ut_pex")
                    Poison(connection, extension.Number);
            }

            return;
        }

        bool isRequest = MetadataMessage.TryParse(message.Payload.Span, out MetadataMessage request)
            && request.Kind == MetadataMessageKind.Request;
        if (isRequest && give(request.Piece) is { } answer)
            connection.Send(PeerMessage.Extended(_metadataNumber, answer));
    }

    private void Poison(SimConnection connection, byte number)
    {
        if (connection.IsClosed)
            return;
        ExchangedPeer[] nobody = [.. Enumerable.Range(0, 50).Select(_ => new ExchangedPeer(
            new IPEndPoint(new IPAddress([10, 77, (byte)_random.Next(256), (byte)_random.Next(256)]), 6881), PeerExchangeFlags.Reachable))];
        connection.Send(PeerMessage.Extended(number, PeerExchangeMessage.Write(nobody, [])));
        Swarm.Clock.After(Period, () => Poison(connection, number));
    }
}
