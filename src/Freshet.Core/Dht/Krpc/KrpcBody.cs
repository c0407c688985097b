using Freshet.Core.Bencoding;
using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Krpc;

/// <summary>
/// Parses the arguments of a query (<c>a</c>) or the values of a response (<c>r</c>) into a message; part of <see cref="KrpcReader"/>.
/// </summary>
internal static class KrpcBody
{
    private const int MaxTokenLength = 128;

    /// <summary>Parses the dictionary that the reader has just entered; false if it is invalid.</summary>
    public static bool TryRead(ref BencodeReader reader, scoped ref bool hasBody, scoped ref bool hasId, ref KrpcMessage message)
    {
        if (hasBody || reader.Token != BencodeToken.Dictionary)
            return false;
        hasBody = true;
        while (reader.Read() && reader.IsKey)
        {
            ReadOnlySpan<byte> key = reader.String;
            if (!reader.Read())
                return false;
            if (key.SequenceEqual("v"u8))
            {
                if (!reader.Skip(out ReadOnlySpan<byte> value))
                    return false;
                message.Value = value;
                continue;
            }

            bool isGood = reader.Token switch
            {
                BencodeToken.Integer => TakeInteger(key, reader.Integer, ref message),
                BencodeToken.String => TakeString(key, reader.String, ref hasId, ref message),
                _ => TakeStructure(key, ref reader, ref message),
            };
            if (!isGood)
                return false;
        }

        return reader.Error.Kind == BencodeErrorKind.None;
    }

    private static bool TakeInteger(ReadOnlySpan<byte> key, long value, ref KrpcMessage message)
    {
        if (key.SequenceEqual("port"u8))
            message.Port = value is >= 0 and <= ushort.MaxValue ? (int)value : -1;
        else if (key.SequenceEqual("implied_port"u8))
            message.ImpliesPort = value != 0;
        else if (key.SequenceEqual("seed"u8))
            message.IsSeed = value != 0;
        else if (key.SequenceEqual("noseed"u8))
            message.WantsNoSeeds = value != 0;
        else if (key.SequenceEqual("scrape"u8))
            message.WantsScrape = value != 0;
        else if (key.SequenceEqual("num"u8))
            message.SampleCount = value;
        else if (key.SequenceEqual("interval"u8))
            message.SampleInterval = value;
        else if (key.SequenceEqual("seq"u8))
            message.Sequence = value;
        else if (key.SequenceEqual("cas"u8))
            message.ExpectedSequence = value;
        else
            return !IsString(key);
        return message.Port >= 0;
    }

    private static bool TakeString(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, scoped ref bool hasId, ref KrpcMessage message)
    {
        if (key.SequenceEqual("id"u8))
        {
            hasId = value.Length == NodeId.Length;
            message.Id = hasId ? new NodeId(value) : default;
            return hasId;
        }

        if (key.SequenceEqual("target"u8) || key.SequenceEqual("info_hash"u8))
        {
            message.Target = value.Length == NodeId.Length ? new NodeId(value) : null;
            return message.Target is not null;
        }

        if (key.SequenceEqual("nodes"u8))
            message.Nodes = value;
        else if (key.SequenceEqual("nodes6"u8))
            message.Nodes6 = value;
        else if (key.SequenceEqual("token"u8))
            message.Token = value;
        else if (key.SequenceEqual("samples"u8))
            message.Samples = value;
        else if (key.SequenceEqual("BFsd"u8))
            message.SeedFilter = value;
        else if (key.SequenceEqual("BFpe"u8))
            message.PeerFilter = value;
        else if (key.SequenceEqual("k"u8))
            message.Key = value;
        else if (key.SequenceEqual("sig"u8))
            message.Signature = value;
        else if (key.SequenceEqual("salt"u8))
            message.Salt = value;
        else
            return true;
        return message.Nodes.Length % NodeInfo.V4Length == 0 && message.Nodes6.Length % NodeInfo.V6Length == 0
            && message.Samples.Length % NodeId.Length == 0 && message.Token.Length <= MaxTokenLength
            && message.SeedFilter.Length is 0 or 256 && message.PeerFilter.Length is 0 or 256
            && message.Key.Length is 0 or Ed25519.PublicKeyLength && message.Signature.Length is 0 or Ed25519.SignatureLength;
    }

    private static bool TakeStructure(ReadOnlySpan<byte> key, ref BencodeReader reader, ref KrpcMessage message)
    {
        if (IsString(key))
            return false;
        if (reader.Token == BencodeToken.List && key.SequenceEqual("want"u8))
            return TakeWant(ref reader, ref message);
        bool isGood = reader.Skip(out ReadOnlySpan<byte> raw);
        if (isGood && raw[0] == (byte)'l' && key.SequenceEqual("values"u8))
            message.Values = raw;
        return isGood;
    }

    private static bool TakeWant(ref BencodeReader reader, ref KrpcMessage message)
    {
        int depth = reader.Depth;
        while (reader.Read() && reader.Depth >= depth)
        {
            if (reader.Token == BencodeToken.String && reader.String.SequenceEqual("n4"u8))
                message.Want |= AddressFamilies.V4;
            else if (reader.Token == BencodeToken.String && reader.String.SequenceEqual("n6"u8))
                message.Want |= AddressFamilies.V6;
            if (!reader.Skip())
                return false;
        }

        return reader.Error.Kind == BencodeErrorKind.None;
    }

    // Fields that are only meaningful if they are strings.
    private static bool IsString(ReadOnlySpan<byte> key) =>
        key.SequenceEqual("id"u8) || key.SequenceEqual("target"u8) || key.SequenceEqual("info_hash"u8) || key.SequenceEqual("token"u8)
        || key.SequenceEqual("nodes"u8) || key.SequenceEqual("nodes6"u8);
}
