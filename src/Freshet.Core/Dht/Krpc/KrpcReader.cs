using Freshet.Core.Bencoding;

namespace Freshet.Core.Dht.Krpc;

/// <summary>Parses a datagram into a message (BEP 5). Pure and allocation-free.</summary>
/// <remarks>
/// <code>
/// query    = {"t": transaction, "y": "q", "q": method, "a": {"id": 20 bytes, ...}, "ro": 1 (BEP 43)}
/// response = {"t": transaction, "y": "r", "r": {"id": 20 bytes, ...}, "ip": our compact address (BEP 42)}
/// error    = {"t": transaction, "y": "e", "e": [code, text]}
/// </code>
/// Unsorted keys are tolerated, since some clients send them. A field of the wrong type or length makes the message malformed; unknown
/// fields are ignored.
/// </remarks>
internal static class KrpcReader
{
    private const int MaxTransactionLength = 32;

    public static KrpcFault TryRead(ReadOnlySpan<byte> datagram, out KrpcMessage message)
    {
        message = default;
        if (datagram.Length > Limits.MaxDatagramLength)
            return KrpcFault.NotBencoded;
        BencodeReader reader = new(datagram, new BencodeOptions { IsTolerant = true, MaxTokens = DhtLimits.MaxKrpcTokens });
        if (!reader.Read() || reader.Token != BencodeToken.Dictionary)
            return KrpcFault.NotAMessage;
        Envelope envelope = default;
        KrpcMessage read = default;
        KrpcFault fault = ReadEnvelope(ref reader, ref envelope, ref read);
        message = read;
        if (fault != KrpcFault.None)
            return fault;

        // Reads to the end, to make sure that nothing follows.
        if (reader.Read() || reader.Error.Kind != BencodeErrorKind.None)
            return KrpcFault.NotBencoded;
        return Judge(envelope, message);
    }

    private static KrpcFault ReadEnvelope(ref BencodeReader reader, scoped ref Envelope envelope, ref KrpcMessage message)
    {
        while (reader.Read() && reader.IsKey)
        {
            ReadOnlySpan<byte> key = reader.String;
            if (!reader.Read())
                return KrpcFault.NotBencoded;
            bool isGood = key switch
            {
                [(byte)'t'] => TakeTransaction(ref reader, ref message),
                [(byte)'y'] => TakeKind(ref reader, ref envelope, ref message),
                [(byte)'q'] => TakeMethod(ref reader, ref envelope, ref message),
                [(byte)'a'] => KrpcBody.TryRead(ref reader, ref envelope.HasArguments, ref envelope.HasId, ref message),
                [(byte)'r'] => KrpcBody.TryRead(ref reader, ref envelope.HasResult, ref envelope.HasId, ref message),
                [(byte)'e'] => TakeError(ref reader, ref message),
                [(byte)'i', (byte)'p'] => TakeSeenAs(ref reader, ref message),
                [(byte)'r', (byte)'o'] => TakeReadOnly(ref reader, ref message),
                _ => reader.Skip(),
            };
            if (!isGood)
                return reader.Error.Kind != BencodeErrorKind.None ? KrpcFault.NotBencoded : KrpcFault.InvalidField;
        }

        return reader.Error.Kind != BencodeErrorKind.None ? KrpcFault.NotBencoded : KrpcFault.None;
    }

    private static KrpcFault Judge(in Envelope envelope, in KrpcMessage message)
    {
        if (!envelope.HasKind || message.Transaction.Length is 0 or > MaxTransactionLength)
            return KrpcFault.NotAMessage;
        if (message.Kind == KrpcKind.Error)
            return KrpcFault.None;
        if (message.Kind == KrpcKind.Query && !envelope.HasMethod)
            return KrpcFault.NotAMessage;
        bool hasBody = message.Kind == KrpcKind.Query ? envelope.HasArguments : envelope.HasResult;
        return hasBody && envelope.HasId ? KrpcFault.None : KrpcFault.NoSender;
    }

    private static bool TakeTransaction(ref BencodeReader reader, ref KrpcMessage message)
    {
        message.Transaction = reader.String;
        return reader.Token == BencodeToken.String;
    }

    private static bool TakeKind(ref BencodeReader reader, scoped ref Envelope envelope, ref KrpcMessage message)
    {
        if (reader.Token != BencodeToken.String || reader.String.Length != 1)
            return false;
        envelope.HasKind = true;
        switch (reader.String[0])
        {
            case (byte)'q':
                message.Kind = KrpcKind.Query;
                return true;
            case (byte)'r':
                message.Kind = KrpcKind.Response;
                return true;
            case (byte)'e':
                message.Kind = KrpcKind.Error;
                return true;
            default:
                return false;
        }
    }

    private static bool TakeMethod(ref BencodeReader reader, scoped ref Envelope envelope, ref KrpcMessage message)
    {
        if (reader.Token != BencodeToken.String)
            return false;
        envelope.HasMethod = true;
        message.Method = DhtMethods.Parse(reader.String);
        return true;
    }

    // libtorrent ignores a wrong length, so the message is accepted.
    private static bool TakeSeenAs(ref BencodeReader reader, ref KrpcMessage message)
    {
        if (reader.Token == BencodeToken.String && NodeAddress.TryRead(reader.String, out NodeAddress address))
            message.SeenAs = address;
        return reader.Skip();
    }

    private static bool TakeReadOnly(ref BencodeReader reader, ref KrpcMessage message)
    {
        message.IsReadOnly = reader.Token == BencodeToken.Integer && reader.Integer == 1;
        return reader.Skip();
    }

    private static bool TakeError(ref BencodeReader reader, ref KrpcMessage message)
    {
        if (reader.Token != BencodeToken.List)
            return reader.Skip();
        int depth = reader.Depth;
        while (reader.Read() && reader.Depth >= depth)
        {
            if (reader.Token == BencodeToken.Integer && message.ErrorCode == 0)
                message.ErrorCode = reader.Integer;
            else if (reader.Token == BencodeToken.String && message.ErrorText.IsEmpty)
                message.ErrorText = reader.String;
            if (!reader.Skip())
                return false;
        }

        return reader.Error.Kind == BencodeErrorKind.None;
    }

    private struct Envelope
    {
        public bool HasKind;
        public bool HasMethod;
        public bool HasArguments;
        public bool HasResult;
        public bool HasId;
    }
}
