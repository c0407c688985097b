using System.Buffers.Binary;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Wire.Encryption;

/// <summary>The dialling side: it knows the torrent, and may send the start of the stream, encrypted, with the handshake.</summary>
internal sealed class MseInitiator : MseHandshake
{
    private readonly InfoHash _torrent;
    private readonly CryptoMethods _provided;
    private readonly ReadOnlyMemory<byte> _initialPayload;
    private State _state;
    private byte[] _verification = [];
    private int _padLeft;

    /// <param name="secrets">The random values.</param>
    /// <param name="torrent">The info-hash of the torrent.</param>
    /// <param name="provided">The methods offered to the responder, at least one.</param>
    /// <param name="initialPayload">The start of the stream, at most 65,535 bytes.</param>
    public MseInitiator(MseSecrets secrets, InfoHash torrent, CryptoMethods provided, ReadOnlyMemory<byte> initialPayload)
        : base(secrets)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(initialPayload.Length, ushort.MaxValue);
        _torrent = torrent;
        _provided = provided;
        _initialPayload = initialPayload;
        Next = MseStep.Agree;
    }

    private enum State
    {
        Beginning,
        TheirKey,
        Proof,
        Verification,
        Selection,
        Pad,
    }

    public override void Agree()
    {
        if (_state == State.Beginning)
        {
            Output = OwnKeyAndPad();
        }
        else
        {
            if (!TryAgree())
                return;
            Outgoing = MseHash.InitiatorCipher(Secret, _torrent);
            Incoming = MseHash.ResponderCipher(Secret, _torrent);
            Output = Proof();
        }

        Next = MseStep.Send;
    }

    public override void OnSent()
    {
        _state = _state == State.Beginning ? State.TheirKey : State.Verification;
        Next = MseStep.Receive;
        Advance();
    }

    protected override void Advance()
    {
        if (_state == State.TheirKey && Received.Length >= DiffieHellman.KeyLength)
        {
            _state = State.Proof;
            Next = MseStep.Agree;
        }

        if (_state == State.Verification && TryFindVerification())
            _state = State.Selection;
        if (_state == State.Selection)
            Select(Decipher(MethodLength + CountLength));
        if (_state == State.Pad && (_padLeft == 0 || !Decipher(_padLeft).IsEmpty))
            Finish();
    }

    // Step 3: the bytes after the public keys.
    private byte[] Proof()
    {
        const int HeadLength = VerificationLength + MethodLength + CountLength;
        int pad = Secrets.SecondPad;
        byte[] proof = new byte[(2 * MseHash.Length) + HeadLength + pad + CountLength + _initialPayload.Length];
        MseHash.OfSecret(Secret).CopyTo(proof, 0);
        Span<byte> name = proof.AsSpan(MseHash.Length, MseHash.Length);
        MseHash.OfTorrent(_torrent).CopyTo(name);
        byte[] mask = MseHash.OfMask(Secret);
        for (int i = 0; i < name.Length; i++)
            name[i] ^= mask[i];

        Span<byte> enciphered = proof.AsSpan(2 * MseHash.Length);
        BinaryPrimitives.WriteUInt32BigEndian(enciphered[VerificationLength..], (uint)_provided);
        BinaryPrimitives.WriteUInt16BigEndian(enciphered[(VerificationLength + MethodLength)..], (ushort)pad);
        BinaryPrimitives.WriteUInt16BigEndian(enciphered[(HeadLength + pad)..], (ushort)_initialPayload.Length);
        _initialPayload.Span.CopyTo(enciphered[(HeadLength + pad + CountLength)..]);
        Outgoing.Apply(enciphered);
        return proof;
    }

    // The responder's padding ends where VC begins; eight encrypted zeros equal the beginning of the key stream.
    private bool TryFindVerification()
    {
        if (Received.Length < VerificationLength)
            return false;
        if (_verification.Length == 0)
        {
            _verification = new byte[VerificationLength];
            Incoming.Apply(_verification);
        }

        return TryFind(_verification, "the responder's proof");
    }

    private void Select(ReadOnlySpan<byte> choice)
    {
        if (choice.IsEmpty)
            return;
        Selected = (CryptoMethods)BinaryPrimitives.ReadUInt32BigEndian(choice);
        _padLeft = BinaryPrimitives.ReadUInt16BigEndian(choice[MethodLength..]);
        if (Selected is not (CryptoMethods.Plain or CryptoMethods.Rc4) || (Selected & _provided) == 0)
            Fail("it selects an encryption that was not offered");
        else if (_padLeft > MaxPad)
            Fail($"its padding has {_padLeft} bytes; at most {MaxPad} are allowed");
        else
            _state = State.Pad;
    }

    private void Finish()
    {
        if (Selected == CryptoMethods.Rc4)
        {
            DecipherUnread(long.MaxValue);
            StillEnciphered = long.MaxValue;
        }

        Next = MseStep.Done;
    }
}
