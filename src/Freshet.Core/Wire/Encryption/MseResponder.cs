using System.Buffers.Binary;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Wire.Encryption;

/// <summary>
/// The accepting side: it learns from the initiator which torrent is wanted. It does not wait for the initial payload, which is the
/// beginning of the stream.
/// </summary>
internal sealed class MseResponder : MseHandshake
{
    private readonly CryptoMethods _accepted;
    private readonly CryptoMethods _preferred;
    private State _state;
    private int _padLength;

    /// <param name="secrets">The random values.</param>
    /// <param name="accepted">The methods that may be selected from the initiator's offer.</param>
    /// <param name="preferred">The method to select if both are offered.</param>
    public MseResponder(MseSecrets secrets, CryptoMethods accepted, CryptoMethods preferred)
        : base(secrets)
    {
        _accepted = accepted;
        _preferred = preferred;
        Next = MseStep.Receive;
    }

    private enum State
    {
        TheirKey,
        Secret,
        Proof,
        Name,
        Provision,
        Pad,
        Selection,
    }

    /// <summary>HASH('req2', SKEY) of the torrent that the initiator wants; valid while finding it is the next step.</summary>
    public InfoHash Wanted { get; private set; }

    public override void Agree()
    {
        if (!TryAgree())
            return;
        Output = OwnKeyAndPad();
        Next = MseStep.Send;
    }

    public override void OnSent()
    {
        if (_state == State.Selection)
        {
            Finish();
            return;
        }

        _state = State.Proof;
        Next = MseStep.Receive;
        Advance();
    }

    /// <summary>Passes in the wanted torrent; null if there is none.</summary>
    public void OnFound(InfoHash? torrent)
    {
        if (torrent is not { } found)
        {
            Fail("it wants a torrent that is not here");
            return;
        }

        Incoming = MseHash.InitiatorCipher(Secret, found);
        Outgoing = MseHash.ResponderCipher(Secret, found);
        _state = State.Provision;
        Next = MseStep.Receive;
        Advance();
    }

    protected override void Advance()
    {
        if (_state == State.TheirKey && Received.Length >= DiffieHellman.KeyLength)
        {
            _state = State.Secret;
            Next = MseStep.Agree;
        }

        if (_state == State.Proof && TryFind(MseHash.OfSecret(Secret), "the initiator's proof"))
            _state = State.Name;
        if (_state == State.Name && Received.Length >= MseHash.Length)
            Unmask();
        if (_state == State.Provision)
            Select(Decipher(VerificationLength + MethodLength + CountLength));
        if (_state == State.Pad)
            Answer(Decipher(_padLength + CountLength));
    }

    private void Unmask()
    {
        Span<byte> name = stackalloc byte[MseHash.Length];
        byte[] mask = MseHash.OfMask(Secret);
        for (int i = 0; i < name.Length; i++)
            name[i] = (byte)(Received[i] ^ mask[i]);
        Wanted = new InfoHash(name);
        Consume(MseHash.Length);
        Next = MseStep.Find;
    }

    private void Select(ReadOnlySpan<byte> provision)
    {
        if (provision.IsEmpty)
            return;
        CryptoMethods common = _accepted & (CryptoMethods)BinaryPrimitives.ReadUInt32BigEndian(provision[VerificationLength..]);
        _padLength = BinaryPrimitives.ReadUInt16BigEndian(provision[(VerificationLength + MethodLength)..]);
        Selected = (common & _preferred) != 0 ? common & _preferred : common;
        if (provision[..VerificationLength].ContainsAnyExcept((byte)0))
            Fail("it encrypts with another key");
        else if (Selected == CryptoMethods.None)
            Fail("it offers no encryption that is accepted here");
        else if (_padLength > MaxPad)
            Fail($"its padding has {_padLength} bytes; at most {MaxPad} are allowed");
        else
            _state = State.Pad;
    }

    // Step 4. The length is followed by the initial payload, part of which may have arrived already.
    private void Answer(ReadOnlySpan<byte> padAndLength)
    {
        if (padAndLength.IsEmpty)
            return;
        StillEnciphered = Selected == CryptoMethods.Rc4
            ? long.MaxValue
            : BinaryPrimitives.ReadUInt16BigEndian(padAndLength[_padLength..]);
        byte[] answer = new byte[VerificationLength + MethodLength + CountLength + Secrets.SecondPad];
        BinaryPrimitives.WriteUInt32BigEndian(answer.AsSpan(VerificationLength), (uint)Selected);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(VerificationLength + MethodLength), (ushort)Secrets.SecondPad);
        Outgoing.Apply(answer);
        Output = answer;
        _state = State.Selection;
        Next = MseStep.Send;
    }

    private void Finish()
    {
        int deciphered = DecipherUnread(StillEnciphered);
        if (StillEnciphered != long.MaxValue)
            StillEnciphered -= deciphered;
        Next = MseStep.Done;
    }
}
