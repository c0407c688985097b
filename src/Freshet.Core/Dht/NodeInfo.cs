namespace Freshet.Core.Dht;

/// <summary>A node as others report it: its id and address.</summary>
internal readonly record struct NodeInfo(NodeId Id, NodeAddress Address)
{
    /// <summary>Bytes of the compact format (BEP 5, BEP 32).</summary>
    public const int V4Length = NodeId.Length + NodeAddress.V4Length;

    /// <inheritdoc cref="V4Length"/>
    public const int V6Length = NodeId.Length + NodeAddress.V6Length;

    /// <summary>Parses one entry of a list.</summary>
    /// <param name="compact">Exactly the bytes of one entry.</param>
    public static NodeInfo Read(ReadOnlySpan<byte> compact)
    {
        NodeAddress.TryRead(compact[NodeId.Length..], out NodeAddress address);
        return new NodeInfo(new NodeId(compact), address);
    }

    public int Write(Span<byte> destination)
    {
        Id.CopyTo(destination);
        return NodeId.Length + Address.Write(destination[NodeId.Length..]);
    }
}
