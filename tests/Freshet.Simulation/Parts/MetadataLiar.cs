using System.Net;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Simulation.Parts;

/// <summary>
/// Offers metadata of some size, and gives what it likes for it; and tells of peers that are not there, as soon as it may and as often.
/// </summary>
/// <param name="swarm">The swarm.</param>
/// <param name="host">Its host.</param>
/// <param name="size">Bytes of the metadata that it says it has.</param>
/// <param name="give">What it answers for a piece; null for nothing.</param>
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
