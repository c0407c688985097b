using System.Numerics;
using System.Security.Cryptography;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Core.Tests.Wire.Encryption;

public class MseHandshakeTests
{
    private const CryptoMethods Both = CryptoMethods.Plain | CryptoMethods.Rc4;
    private const int MaxPad = 512;

    private static readonly byte[] First = [.. Enumerable.Range(0, 68).Select(i => (byte)i)];

    [Theory]
    [InlineData(Both, Both, CryptoMethods.Plain, CryptoMethods.Plain)]
    [InlineData(Both, Both, CryptoMethods.Rc4, CryptoMethods.Rc4)]
    [InlineData(CryptoMethods.Plain, Both, CryptoMethods.Rc4, CryptoMethods.Plain)]
    [InlineData(CryptoMethods.Rc4, Both, CryptoMethods.Plain, CryptoMethods.Rc4)]
    [InlineData(Both, CryptoMethods.Rc4, CryptoMethods.Plain, CryptoMethods.Rc4)]
    [InlineData(Both, CryptoMethods.Plain, CryptoMethods.Plain, CryptoMethods.Plain)]
    [InlineData(Both | (CryptoMethods)0xfc, Both, CryptoMethods.Rc4, CryptoMethods.Rc4)]
    internal void The_method_that_both_accept_and_the_responder_prefers_is_selected(
        CryptoMethods provided, CryptoMethods accepted, CryptoMethods preferred, CryptoMethods expected)
    {
        MseSide a = MseSide.Initiator(provided: provided, payload: First);
        MseSide b = MseSide.Responder(accepted: accepted, preferred: preferred);
        MseSide.Talk(a, b);
        Assert.Equal((MseStep.Done, MseStep.Done), (a.Handshake.Next, b.Handshake.Next));
        Assert.Equal((expected, expected), (a.Handshake.Selected, b.Handshake.Selected));
        b.Give(a.Say([1, 2, 3]));
        a.Give(b.Say([4, 5]));
        Assert.Equal([.. First, 1, 2, 3], b.Stream);
        Assert.Equal([4, 5], a.Stream);
        byte[] enciphered = b.Say([6, 7, 8, 9, 10, 11, 12, 13]);
        Assert.Equal(expected == CryptoMethods.Plain, enciphered.AsSpan().SequenceEqual((byte[])[6, 7, 8, 9, 10, 11, 12, 13]));
    }

    [Theory]
    [InlineData(CryptoMethods.Rc4, CryptoMethods.Plain)]
    [InlineData(CryptoMethods.Plain, CryptoMethods.Rc4)]
    internal void Sides_without_a_common_method_fail(CryptoMethods provided, CryptoMethods accepted)
    {
        MseSide a = MseSide.Initiator(provided: provided);
        MseSide b = MseSide.Responder(accepted: accepted, preferred: accepted);
        MseSide.Talk(a, b);
        Assert.Equal("it offers no encryption that is accepted here", b.Handshake.Failure);
        Assert.Equal(MseStep.Receive, a.Handshake.Next);
    }

    [Fact]
    public void Pads_of_all_lengths_are_skipped()
    {
        for (int pad = 0; pad <= MaxPad; pad++)
        {
            MseSide a = MseSide.Initiator(MseSide.Secrets(pad, MaxPad - pad), payload: First);
            MseSide b = MseSide.Responder(MseSide.Secrets((pad * 7) % (MaxPad + 1), (pad * 11) % (MaxPad + 1), seed: 2));
            MseSide.Talk(a, b);
            b.Give(a.Say([1]));
            a.Give(b.Say([2]));
            Assert.Equal([.. First, 1], b.Stream);
            Assert.Equal([2], a.Stream);
        }
    }

    [Theory]
    [InlineData(0, 0, CryptoMethods.Rc4)]
    [InlineData(0, 0, CryptoMethods.Plain)]
    [InlineData(1, 2, CryptoMethods.Rc4)]
    [InlineData(7, 40, CryptoMethods.Plain)]
    internal void Every_split_of_the_bytes_gives_the_same_result(int firstPad, int secondPad, CryptoMethods preferred)
    {
        (byte[] fromA, byte[] fromB) = Record(firstPad, secondPad, preferred);
        for (int split = 0; split <= fromA.Length; split++)
        {
            MseSide b = MseSide.Responder(MseSide.Secrets(firstPad, secondPad, seed: 2), preferred: preferred);
            b.Give(fromA[..split]);
            b.Give(fromA[split..]);
            Assert.Equal([.. First, 1, 2, 3], b.Stream);
            Assert.Equal(fromB[..^2], b.Sent);
        }

        for (int split = 0; split <= fromB.Length; split++)
        {
            MseSide a = MseSide.Initiator(MseSide.Secrets(firstPad, secondPad), payload: First);
            a.Give(fromB[..split]);
            a.Give(fromB[split..]);
            Assert.Equal([4, 5], a.Stream);
            Assert.Equal(fromA[..^3], a.Sent);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(19)]
    [InlineData(97)]
    public void Bytes_that_arrive_in_small_portions_give_the_same_result(int portion)
    {
        (byte[] fromA, byte[] fromB) = Record(MaxPad, MaxPad, CryptoMethods.Rc4);
        MseSide b = MseSide.Responder(MseSide.Secrets(MaxPad, MaxPad, seed: 2));
        b.Give(fromA, portion);
        Assert.Equal([.. First, 1, 2, 3], b.Stream);
        MseSide a = MseSide.Initiator(MseSide.Secrets(MaxPad, MaxPad), payload: First);
        a.Give(fromB, portion);
        Assert.Equal([4, 5], a.Stream);
    }

    /// <summary>The initial payload has up to 65,535 bytes; the handshake itself buffers little of it, and the rest is encrypted.</summary>
    [Theory]
    [InlineData(CryptoMethods.Plain)]
    [InlineData(CryptoMethods.Rc4)]
    internal void The_longest_initial_payload_goes_through_in_constant_memory(CryptoMethods preferred)
    {
        byte[] payload = RandomNumberGenerator.GetBytes(ushort.MaxValue);
        MseSide a = MseSide.Initiator(payload: payload);
        MseSide b = MseSide.Responder(preferred: preferred);
        MseSide.Talk(a, b);
        b.Give(a.Say([1, 2, 3]));
        Assert.Equal([.. payload, 1, 2, 3], b.Stream);
        Assert.True(b.Handshake.Unread.Length <= WireLimits.EncryptionBuffer);
        Assert.Throws<ArgumentOutOfRangeException>(() => MseSide.Initiator(payload: new byte[ushort.MaxValue + 1]));
    }

    [Fact]
    public void Degenerate_keys_are_refused_by_both_sides()
    {
        BigInteger prime = BigInteger.Parse(
            "0FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
            + "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
            System.Globalization.NumberStyles.HexNumber);
        BigInteger[] degenerate = [0, 1, prime - 1, prime, prime + 1, BigInteger.Pow(2, 768) - 1];
        foreach (BigInteger key in degenerate)
        {
            byte[] bytes = new byte[DiffieHellman.KeyLength];
            key.TryWriteBytes(bytes.AsSpan(bytes.Length - key.GetByteCount(isUnsigned: true)), out _, isUnsigned: true, isBigEndian: true);
            MseSide b = MseSide.Responder();
            b.Give(bytes);
            Assert.Equal("its public key is degenerate", b.Handshake.Failure);
            Assert.Empty(b.Sent);
            MseSide a = MseSide.Initiator();
            a.Give(bytes);
            Assert.Equal("its public key is degenerate", a.Handshake.Failure);
            Assert.Equal(DiffieHellman.KeyLength, a.Sent.Count);
        }
    }

    [Fact]
    public void Both_agree_on_a_secret_that_is_padded_to_its_length()
    {
        byte[] one = RandomNumberGenerator.GetBytes(DiffieHellman.PrivateKeyLength);
        Assert.True(DiffieHellman.TryAgree(one, DiffieHellman.PublicKeyOf([2]), out byte[]? near));
        Assert.True(DiffieHellman.TryAgree([2], DiffieHellman.PublicKeyOf(one), out byte[]? far));
        Assert.Equal(near, far);
        Assert.Equal([.. new byte[95], 4], DiffieHellman.PublicKeyOf([2]));
    }

    [Fact]
    public void A_torrent_that_is_not_here_ends_it()
    {
        MseSide a = MseSide.Initiator();
        MseSide b = new(new MseResponder(MseSide.Secrets(seed: 2), Both, CryptoMethods.Rc4), new InfoHash(new byte[20]));
        MseSide.Talk(a, b);
        Assert.Equal("it wants a torrent that is not here", b.Handshake.Failure);
    }

    [Fact]
    public void A_pad_that_is_too_long_is_not_searched_any_further()
    {
        MseSide b = MseSide.Responder();
        b.Give(new byte[95].Append((byte)4).Concat(new byte[MaxPad + MseHash.Length - 1]));
        Assert.Equal(MseStep.Receive, b.Handshake.Next);
        b.Give(new byte[1]);
        Assert.Equal("the initiator's proof does not come where it should", b.Handshake.Failure);
        MseSide a = MseSide.Initiator();
        a.Give(new byte[95].Append((byte)4).Concat(new byte[MaxPad + 7]));
        Assert.Equal(MseStep.Receive, a.Handshake.Next);
        a.Give(new byte[1]);
        Assert.Equal("the responder's proof does not come where it should", a.Handshake.Failure);
    }

    /// <summary>Nobody else may be able to tell from the responder's answers to changed bytes what was sent.</summary>
    [Fact]
    public void A_byte_that_is_changed_on_the_way_goes_unnoticed_only_where_it_has_no_meaning()
    {
        (byte[] fromA, _) = Record(firstPad: 9, secondPad: 5, CryptoMethods.Rc4);
        List<int> unnoticed = [];
        for (int at = 0; at < fromA.Length - First.Length - 3; at++)
        {
            byte[] changed = [.. fromA];
            changed[at] ^= 0x40;
            MseSide b = MseSide.Responder(MseSide.Secrets(9, 5, seed: 2));
            b.Give(changed);
            if (b.Handshake.Next == MseStep.Done && b.Stream.SequenceEqual([.. First, .. (byte[])[1, 2, 3]]))
                unnoticed.Add(at);
        }

        // PadA; crypto_provide except for its two bits; PadC; and with RC4, which continues after it, also the length of the initial
        // payload.
        int head = 96 + 9 + 40 + 8;
        Assert.Equal([.. Enumerable.Range(96, 9), .. Enumerable.Range(head, 4), .. Enumerable.Range(head + 6, 5 + 2)], unnoticed);
    }

    [Theory]
    [InlineData(0u, 0)]
    [InlineData(3u, 0)]
    [InlineData(4u, 0)]
    [InlineData(2u, 513)]
    [InlineData(2u, 65_535)]
    public void An_answer_that_selects_nothing_sensible_fails(uint selected, int pad)
    {
        MseSide a = MseSide.Initiator(MseSide.Secrets());
        a.Run();
        Assert.True(DiffieHellman.TryAgree([9], a.Sent.ToArray(), out byte[]? secret));
        byte[] answer = new byte[14];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(8), selected);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(12), (ushort)pad);
        MseHash.ResponderCipher(secret, MseSide.Torrent).Apply(answer);
        a.Give([.. DiffieHellman.PublicKeyOf([9]), .. answer]);
        Assert.Equal(MseStep.Failed, a.Handshake.Next);
    }

    private static (byte[] FromA, byte[] FromB) Record(int firstPad, int secondPad, CryptoMethods preferred)
    {
        MseSide a = MseSide.Initiator(MseSide.Secrets(firstPad, secondPad), payload: First);
        MseSide b = MseSide.Responder(MseSide.Secrets(firstPad, secondPad, seed: 2), preferred: preferred);
        MseSide.Talk(a, b);
        return ([.. a.Sent, .. a.Say([1, 2, 3])], [.. b.Sent, .. b.Say([4, 5])]);
    }
}
