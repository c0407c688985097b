using Freshet.Core.Dht;
using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Krpc;

namespace Freshet.Fuzz.Targets;

/// <summary>Datagrams of the DHT.</summary>
internal sealed class KrpcTarget : IFuzzTarget
{
    private static readonly NodeId Id = new("abcdefghij0123456789"u8);
    private readonly KrpcWriter _writer = new();

    public string Name => "krpc";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words =>
        [
            .. BencodeTarget.BencodeWords, "2:id20:abcdefghij0123456789"u8.ToArray(), "9:info_hash"u8.ToArray(), "6:target"u8.ToArray(),
            "5:nodes26:"u8.ToArray(), "6:nodes638:"u8.ToArray(), "6:values"u8.ToArray(), "5:token"u8.ToArray(), "4:want"u8.ToArray(),
            "1:k32:"u8.ToArray(), "3:sig64:"u8.ToArray(), "4:salt"u8.ToArray(), "3:seqi1e"u8.ToArray(), "3:casi1e"u8.ToArray(),
            "1:v"u8.ToArray(),
            "1:y1:q"u8.ToArray(), "1:y1:r"u8.ToArray(), "1:y1:e"u8.ToArray(),
        ];

    public IEnumerable<byte[]> Seeds =>
        [
            "d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe"u8.ToArray(),
            "d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re"u8.ToArray(),
            "d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee"u8.ToArray(),
            _writer.WriteQuery(7, Id, isReadOnly: true, new KrpcQuery
            {
                Method = DhtMethod.AnnouncePeer,
                Target = Id,
                Port = 6881,
                ImpliesPort = true,
                Token = "token"u8,
            }).ToArray(),
            _writer.WriteQuery(7, Id, isReadOnly: false, new KrpcQuery
            {
                Method = DhtMethod.Put,
                Token = "token"u8,
                Item = new ItemContent("5:value"u8.ToArray(), new byte[32], "salt"u8.ToArray(), 7, new byte[64]),
                ExpectedSequence = 6,
            }).ToArray(),
            _writer.WriteAnswer("aa"u8, Id, new KrpcAnswer
            {
                SeenAs = NodeAddress.From([1, 2, 3, 4], 5),
                Nodes = [new NodeInfo(Id, NodeAddress.From([5, 6, 7, 8], 9))],
                Nodes6 = [new NodeInfo(Id, NodeAddress.From(new byte[16], 9))],
                Values = [NodeAddress.From([9, 8, 7, 6], 5)],
            }).ToArray(),
        ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (KrpcReader.TryRead(input, out KrpcMessage message) != KrpcFault.None)
            return;
        FuzzException.Require(message.Transaction.Length is > 0 and <= 32, "a transaction id must have 1 to 32 bytes");
        FuzzException.Require(message.Nodes.Length % NodeInfo.V4Length == 0, "there must be only whole nodes");
        FuzzException.Require(message.Nodes6.Length % NodeInfo.V6Length == 0, "there must be only whole nodes");
        FuzzException.Require(message.Key.Length is 0 or Ed25519.PublicKeyLength, "a key must be whole");
        FuzzException.Require(message.Signature.Length is 0 or Ed25519.SignatureLength, "a signature must be whole");
        if (message.Value.Length <= ItemContent.MaxValueLength && !message.Key.IsEmpty)
            _ = ItemContent.IsSigned(message.Key, message.Salt, message.Sequence ?? 0, message.Value, message.Signature);
        FuzzException.Require(message.Port is >= 0 and <= ushort.MaxValue, "a port must be in range");
        ReadOnlySpan<byte> answer = _writer.WriteAnswer(message.Transaction, message.Id, new KrpcAnswer { SeenAs = message.SeenAs });
        FuzzException.Require(
            KrpcReader.TryRead(answer, out KrpcMessage again) == KrpcFault.None && again.Id == message.Id, "what we write must be read");
    }
}
