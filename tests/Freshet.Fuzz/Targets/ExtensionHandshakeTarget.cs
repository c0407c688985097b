using Freshet.Core.Wire;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// The extension handshake (BEP 10): what is understood of it is bounded and printable, and reads back as it was written.
/// </summary>
internal sealed class ExtensionHandshakeTarget : IFuzzTarget
{
    public static byte[] Example =>
        [
            .. "d4:ipv44:abcd4:ipv616:abcdefghijklmnop1:md11:ut_metadatai2e6:ut_pexi1ee13:metadata_sizei31235e1:pi6881e"u8,
            .. "4:reqqi250e11:upload_onlyi1e1:v7:Freshet6:yourip4:wxyze"u8,
        ];

    public string Name => "extension-handshake";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words => BencodeTarget.BencodeWords;

    public IEnumerable<byte[]> Seeds => [Example, "de"u8.ToArray(), "d1:md1:ai0e1:bi255eee"u8.ToArray()];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (!ExtensionHandshake.TryParse(input, out ExtensionHandshake handshake))
            return;
        FuzzException.Require(
            handshake.Extensions.Length <= WireLimits.MaxExtensionsPerPeer,
            "what is remembered about a peer must be bounded");
        FuzzException.Require(handshake.Client is not { } client || !client.Any(char.IsControl), "a client's name must be printable");
        PeerExtensions extensions = new();
        extensions.Apply(handshake);

        // We write a name once even if it was given twice. A name may grow when bytes that are not text are replaced, and then be too long.
        ExtensionHandshake ours = handshake with { Extensions = [.. extensions.Offered] };
        bool again = ExtensionHandshake.TryParse(ours.ToArray(), out ExtensionHandshake read);
        FuzzException.Require(again, "what we write must be readable");
        FuzzException.Require(
            read with { Extensions = [], Client = null } == ours with { Extensions = [], Client = null },
            "numbers and addresses must survive");
    }
}
