using System.Buffers;
using System.Buffers.Binary;
using Freshet.Core.Bencoding;
using Freshet.Core.Dht.Items;

namespace Freshet.Core.Dht.Krpc;

/// <summary>Writes messages (BEP 5), all into the same buffer: a result is valid until the next call. Allocation-free.</summary>
internal sealed class KrpcWriter
{
    private readonly ArrayBufferWriter<byte> _output = new(Limits.MaxDatagramLength);
    private readonly BencodeWriter _writer;

    public KrpcWriter() => _writer = new BencodeWriter(_output);

    /// <summary>Our client and its version, in the style of peer ids.</summary>
    private static ReadOnlySpan<byte> Version => "FS\0\u0001"u8;

    /// <summary>Writes a query.</summary>
    /// <param name="transaction">The transaction id that the response must repeat.</param>
    /// <param name="id">Our id.</param>
    /// <param name="isReadOnly">Whether we do not answer queries (BEP 43).</param>
    /// <param name="query">The content of the query.</param>
    public ReadOnlySpan<byte> WriteQuery(uint transaction, NodeId id, bool isReadOnly, in KrpcQuery query)
    {
        Begin();
        _writer.WriteKey("a"u8);
        WriteArguments(id, query);
        _writer.Write("q"u8, DhtMethods.NameOf(query.Method));
        if (isReadOnly)
            _writer.Write("ro"u8, 1);
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, transaction);
        _writer.Write("t"u8, bytes);
        _writer.Write("v"u8, Version);
        _writer.Write("y"u8, "q"u8);
        return End();
    }

    /// <summary>Writes the response to a query.</summary>
    public ReadOnlySpan<byte> WriteAnswer(ReadOnlySpan<byte> transaction, NodeId id, in KrpcAnswer answer)
    {
        Begin();
        if (answer.SeenAs is { } seenAs)
            WriteAddress("ip"u8, seenAs);
        _writer.WriteKey("r"u8);
        WriteResult(id, answer);
        _writer.Write("t"u8, transaction);
        _writer.Write("y"u8, "r"u8);
        return End();
    }

    /// <summary>Writes an error in response to a query.</summary>
    public ReadOnlySpan<byte> WriteError(ReadOnlySpan<byte> transaction, KrpcError code, string text)
    {
        Begin();
        _writer.WriteKey("e"u8);
        _writer.WriteListStart();
        _writer.WriteInteger((int)code);
        _writer.WriteString(text);
        _writer.WriteEnd();
        _writer.Write("t"u8, transaction);
        _writer.Write("y"u8, "e"u8);
        return End();
    }

    private void Begin()
    {
        _output.ResetWrittenCount();
        _writer.Reset();
        _writer.WriteDictionaryStart();
    }

    private ReadOnlySpan<byte> End()
    {
        _writer.WriteEnd();
        return _output.WrittenSpan;
    }

    private void WriteArguments(NodeId id, in KrpcQuery query)
    {
        bool isAboutPeers = query.Method is DhtMethod.GetPeers or DhtMethod.AnnouncePeer;
        _writer.WriteDictionaryStart();
        if (query.ExpectedSequence is { } expected)
            _writer.Write("cas"u8, expected);
        WriteId("id"u8, id);
        if (query.ImpliesPort)
            _writer.Write("implied_port"u8, 1);
        if (isAboutPeers && query.Target is { } infoHash)
            WriteId("info_hash"u8, infoHash);
        if (query.Item is { IsMutable: true } signed)
            _writer.Write("k"u8, signed.Key.Span);
        if (query.Port is { } port)
            _writer.Write("port"u8, port);
        WriteBytes("salt"u8, query.Item is { } item ? item.Salt.Span : default);
        if (query.WantsScrape)
            _writer.Write("scrape"u8, 1);
        if (query.IsSeed)
            _writer.Write("seed"u8, 1);
        WriteSignature(query.Item);
        if (!isAboutPeers && query.Target is { } target)
            WriteId("target"u8, target);
        WriteBytes("token"u8, query.Token);
        WriteValue(query.Item);
        WriteWant(query.Want);
        _writer.WriteEnd();
    }

    private void WriteResult(NodeId id, in KrpcAnswer answer)
    {
        _writer.WriteDictionaryStart();
        WriteBytes("BFpe"u8, answer.PeerFilter);
        WriteBytes("BFsd"u8, answer.SeedFilter);
        WriteId("id"u8, id);
        if (answer.SampleCount is not null)
            _writer.Write("interval"u8, answer.SampleInterval);
        ItemContent? item = answer.HasItemAlready ? null : answer.Item;
        if (item is { IsMutable: true })
            _writer.Write("k"u8, item.Key.Span);
        WriteNodes("nodes"u8, answer.Nodes, answer.Families.HasFlag(AddressFamilies.V4));
        WriteNodes("nodes6"u8, answer.Nodes6, answer.Families.HasFlag(AddressFamilies.V6));
        if (answer.SampleCount is { } count)
        {
            _writer.Write("num"u8, count);
            WriteSamples(answer.Samples);
        }

        if (answer is { HasItemAlready: true, Item: { } known })
            _writer.Write("seq"u8, known.Sequence);
        WriteSignature(item);
        WriteBytes("token"u8, answer.Token);
        WriteValue(item);
        if (!answer.Values.IsEmpty)
            WriteValues(answer.Values);
        _writer.WriteEnd();
    }

    private void WriteSignature(ItemContent? item)
    {
        if (item is not { IsMutable: true })
            return;
        _writer.Write("seq"u8, item.Sequence);
        _writer.Write("sig"u8, item.Signature.Span);
    }

    private void WriteValue(ItemContent? item)
    {
        if (item is null)
            return;
        _writer.WriteKey("v"u8);
        _writer.WriteRaw(item.Value.Span);
    }

    private void WriteWant(AddressFamilies want)
    {
        if (want == AddressFamilies.None)
            return;
        _writer.WriteKey("want"u8);
        _writer.WriteListStart();
        if (want.HasFlag(AddressFamilies.V4))
            _writer.WriteString("n4"u8);
        if (want.HasFlag(AddressFamilies.V6))
            _writer.WriteString("n6"u8);
        _writer.WriteEnd();
    }

    private void WriteValues(ReadOnlySpan<NodeAddress> values)
    {
        Span<byte> compact = stackalloc byte[NodeAddress.V6Length];
        _writer.WriteKey("values"u8);
        _writer.WriteListStart();
        foreach (NodeAddress value in values)
            _writer.WriteString(compact[..value.Write(compact)]);
        _writer.WriteEnd();
    }

    private void WriteNodes(ReadOnlySpan<byte> key, ReadOnlySpan<NodeInfo> nodes, bool isAskedFor)
    {
        if (nodes.IsEmpty && !isAskedFor)
            return;
        Span<byte> compact = stackalloc byte[DhtLimits.DhtBucketSize * NodeInfo.V6Length];
        int length = 0;
        foreach (NodeInfo node in nodes)
            length += node.Write(compact[length..]);
        _writer.Write(key, compact[..length]);
    }

    private void WriteSamples(ReadOnlySpan<NodeId> samples)
    {
        Span<byte> bytes = stackalloc byte[DhtLimits.MaxDhtSamples * NodeId.Length];
        for (int i = 0; i < samples.Length; i++)
            samples[i].CopyTo(bytes[(i * NodeId.Length)..]);
        _writer.Write("samples"u8, bytes[..(samples.Length * NodeId.Length)]);
    }

    private void WriteId(ReadOnlySpan<byte> key, NodeId id)
    {
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        id.CopyTo(bytes);
        _writer.Write(key, bytes);
    }

    private void WriteAddress(ReadOnlySpan<byte> key, NodeAddress address)
    {
        Span<byte> compact = stackalloc byte[NodeAddress.V6Length];
        _writer.Write(key, compact[..address.Write(compact)]);
    }

    private void WriteBytes(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
            _writer.Write(key, value);
    }
}
