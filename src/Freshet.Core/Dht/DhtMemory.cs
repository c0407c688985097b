using System.Collections.Immutable;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Dht;

/// <summary>The DHT state that is saved from run to run: our ids, and nodes that have answered.</summary>
/// <param name="Id">Our id over IPv4; null if there was none.</param>
/// <param name="Id6">Our id over IPv6; null if there was none.</param>
/// <param name="Nodes">Nodes of both address families.</param>
internal sealed record DhtMemory(NodeId? Id, NodeId? Id6, ImmutableArray<NodeInfo> Nodes)
{
    private const int MaxTokens = 32;

    public static DhtMemory Empty { get; } = new(null, null, []);

    /// <summary>Reads what <see cref="ToArray"/> wrote; false if the data is invalid.</summary>
    /// <remarks><c>{"id": 20 bytes, "id6": 20 bytes, "nodes": 26 bytes each, "nodes6": 38 bytes each}</c>, each of them optional.</remarks>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out DhtMemory memory)
    {
        memory = Empty;
        BencodeOptions options = new() { MaxTokens = MaxTokens };
        if (!BencodeDocument.TryParse(bytes, options, out BencodeDocument? document, out _))
            return false;
        BencodeValue root = document.Root;
        ReadOnlySpan<byte> nodes = root["nodes"u8].String;
        ReadOnlySpan<byte> nodes6 = root["nodes6"u8].String;
        if (root.Kind != BencodeKind.Dictionary || nodes.Length % NodeInfo.V4Length != 0 || nodes6.Length % NodeInfo.V6Length != 0)
            return false;
        List<NodeInfo> all = [];
        for (int at = 0; at < nodes.Length && all.Count < DhtLimits.MaxDhtSavedNodes; at += NodeInfo.V4Length)
            all.Add(NodeInfo.Read(nodes.Slice(at, NodeInfo.V4Length)));
        for (int at = 0; at < nodes6.Length && all.Count < 2 * DhtLimits.MaxDhtSavedNodes; at += NodeInfo.V6Length)
            all.Add(NodeInfo.Read(nodes6.Slice(at, NodeInfo.V6Length)));
        memory = new DhtMemory(IdOf(root["id"u8]), IdOf(root["id6"u8]), [.. all]);
        return true;
    }

    public byte[] ToArray() => BencodeWriter.Write(writer =>
    {
        writer.WriteDictionaryStart();
        WriteId(writer, "id"u8, Id);
        WriteId(writer, "id6"u8, Id6);
        writer.Write("nodes"u8, Pack(isV6: false));
        writer.Write("nodes6"u8, Pack(isV6: true));
        writer.WriteEnd();
    });

    private byte[] Pack(bool isV6)
    {
        Span<byte> one = stackalloc byte[NodeInfo.V6Length];
        List<byte> packed = [];
        foreach (NodeInfo node in Nodes)
        {
            if (node.Address.IsV6 == isV6)
                packed.AddRange(one[..node.Write(one)]);
        }

        return [.. packed];
    }

    private static void WriteId(BencodeWriter writer, ReadOnlySpan<byte> key, NodeId? id)
    {
        if (id is not { } known)
            return;
        Span<byte> bytes = stackalloc byte[NodeId.Length];
        known.CopyTo(bytes);
        writer.Write(key, bytes);
    }

    private static NodeId? IdOf(BencodeValue value) => value.String.Length == NodeId.Length ? new NodeId(value.String) : null;
}
