using System.Net;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Fuzz.Targets;

/// <summary>Messages of ut_pex (BEP 11): what is understood is bounded, and reads back as it was written.</summary>
internal sealed class PeerExchangeTarget : IFuzzTarget
{
    private static readonly IPEndPoint V4 = IPEndPoint.Parse("80.1.2.3:6881");
    private static readonly IPEndPoint V6 = IPEndPoint.Parse("[2001:db8::1]:6881");

    public string Name => "peer-exchange";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words => [.. BencodeTarget.BencodeWords, "5:added"u8.ToArray(), "6:added6"u8.ToArray()];

    public IEnumerable<byte[]> Seeds =>
        [
            PeerExchangeMessage.Write([new(V4, PeerExchangeFlags.Reachable), new(V6, PeerExchangeFlags.UploadOnly)], [V6, V4]),
            "de"u8.ToArray(),
        ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!PeerExchangeMessage.TryParse(input, out IReadOnlyList<ExchangedPeer> added))
            return;
        FuzzException.Require(added.Count <= WireLimits.MaxExchangedPeers, "the number of peers in a message must be bounded");
        bool again = PeerExchangeMessage.TryParse(PeerExchangeMessage.Write(added, []), out IReadOnlyList<ExchangedPeer> read);
        FuzzException.Require(again && read.ToHashSet().SetEquals(added), "what we write must be readable");
    }
}
