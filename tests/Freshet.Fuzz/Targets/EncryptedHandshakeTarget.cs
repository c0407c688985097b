using Freshet.Core.Metainfo;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// Both sides of the encrypted handshake. The first byte says which, and whether the rest is what the other side sends, or what it means
/// to say once keys are agreed on: then it is enciphered as it should be, since no mutation would ever hit upon that.
/// </summary>
internal sealed class EncryptedHandshakeTarget : IFuzzTarget
{
    private const CryptoMethods Both = CryptoMethods.Plain | CryptoMethods.Rc4;

    // Few bits, so that agreeing takes microseconds.
    private static readonly byte[] OurPrivateKey = [11];
    private static readonly byte[] TheirPrivateKey = [13];
    private static readonly byte[] TheirPublicKey = DiffieHellman.PublicKeyOf(TheirPrivateKey);
    private static readonly InfoHash Torrent = new(new byte[20]);

    public string Name => "encrypted-handshake";

    public IReadOnlyList<byte[]> Words => [new byte[8], [0, 0, 0, 1], [0, 0, 0, 2], [2, 0], [0, 68], TheirPublicKey];

    public IEnumerable<byte[]> Seeds =>
        [
            [0, .. TheirPublicKey, 1, 2, 3],
            [1, .. TheirPublicKey, 1, 2, 3],
            [2, .. new byte[11], 3, 0, 2, 9, 9, 0, 5, .. "hello"u8],
            [2, .. new byte[11], 1, 0, 0, 255, 255, .. "hello"u8],
            [3, .. new byte[11], 2, 0, 2, 9, 9, .. "hello"u8],
            [3, .. new byte[11], 1, 0, 0, .. "hello"u8],
        ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        bool isResponder = input[0] % 2 == 0;
        byte[] bytes = (input[0] & 2) == 0 ? input[1..].ToArray() : Encipher(input[1..], isResponder);
        MseHandshake whole = Shake(bytes, int.MaxValue, isResponder, out int taken);
        MseHandshake portions = Shake(bytes, 7, isResponder, out int takenInPortions);
        FuzzException.Require(
            (whole.Next, whole.Failure, whole.Selected) == (portions.Next, portions.Failure, portions.Selected),
            "it must not matter in which portions bytes come");
        FuzzException.Require(whole.Next is MseStep.Receive or MseStep.Done or MseStep.Failed, "it must know what it waits for");
        FuzzException.Require(
            whole.Next != MseStep.Receive || (taken == bytes.Length && takenInPortions == bytes.Length), "it must take all");
        FuzzException.Require(whole.Next == MseStep.Failed == whole.Failure is not null, "it must say what is wrong");
        if (whole.Next != MseStep.Done)
            return;
        FuzzException.Require(whole.Selected is CryptoMethods.Plain or CryptoMethods.Rc4, "one way must be selected");
        FuzzException.Require(whole.Unread.Length <= WireLimits.EncryptionBuffer, "what is buffered must be bounded");
        FuzzException.Require(
            whole.Selected == CryptoMethods.Rc4 ? whole.StillEnciphered == long.MaxValue : whole.StillEnciphered <= ushort.MaxValue,
            "either everything or the initial payload must be encrypted");
    }

    private static MseHandshake Shake(ReadOnlySpan<byte> bytes, int portion, bool isResponder, out int taken)
    {
        MseSecrets secrets = new(OurPrivateKey, [1, 2, 3], 4);
        MseHandshake handshake = isResponder
            ? new MseResponder(secrets, Both, CryptoMethods.Rc4)
            : new MseInitiator(secrets, Torrent, Both, "initial"u8.ToArray());
        taken = 0;
        while (true)
        {
            switch (handshake.Next)
            {
                case MseStep.Agree:
                    handshake.Agree();
                    break;
                case MseStep.Send:
                    handshake.OnSent();
                    break;
                case MseStep.Find:
                    MseResponder responder = (MseResponder)handshake;
                    responder.OnFound(responder.Wanted == MseHash.OfTorrent(Torrent) ? Torrent : null);
                    break;
                case MseStep.Receive when taken < bytes.Length:
                    int count = Math.Min(Math.Min(portion, bytes.Length - taken), handshake.Room.Length);
                    FuzzException.Require(count > 0, "a side that waits for bytes must have room for them");
                    handshake.OnReceived(bytes.Slice(taken, count));
                    taken += count;
                    break;
                default:
                    return handshake;
            }
        }
    }

    // What an honest side would have sent to say this.
    private static byte[] Encipher(ReadOnlySpan<byte> text, bool isForResponder)
    {
        DiffieHellman.TryAgree(TheirPrivateKey, DiffieHellman.PublicKeyOf(OurPrivateKey), out byte[]? secret);
        byte[] enciphered = text.ToArray();
        if (!isForResponder)
        {
            MseHash.ResponderCipher(secret!, Torrent).Apply(enciphered);
            return [.. TheirPublicKey, .. enciphered];
        }

        MseHash.InitiatorCipher(secret!, Torrent).Apply(enciphered);
        byte[] name = MseHash.OfTorrent(Torrent).ToArray();
        byte[] mask = MseHash.OfMask(secret!);
        for (int i = 0; i < name.Length; i++)
            name[i] ^= mask[i];
        return [.. TheirPublicKey, .. MseHash.OfSecret(secret!), .. name, .. enciphered];
    }
}
