using System.Text;
using Freshet.Core.Dht;
using Freshet.Core.Dht.Krpc;

namespace Freshet.Core.Tests.Dht;

public class KrpcTests
{
    private static readonly NodeId Abc = new("abcdefghij0123456789"u8);
    private static readonly NodeId Mno = new("mnopqrstuvwxyz123456"u8);

    // The examples of BEP 5, "DHT queries".
    [Fact]
    public void The_examples_of_the_specification_are_read()
    {
        KrpcMessage ping = Read("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qe");
        Assert.Equal((KrpcKind.Query, DhtMethod.Ping, Abc), (ping.Kind, ping.Method, ping.Id));
        Assert.Equal("aa"u8, ping.Transaction);

        KrpcMessage pong = Read("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:re");
        Assert.Equal((KrpcKind.Response, Mno), (pong.Kind, pong.Id));

        KrpcMessage find = Read("d1:ad2:id20:abcdefghij01234567896:target20:mnopqrstuvwxyz123456e1:q9:find_node1:t2:aa1:y1:qe");
        Assert.Equal((DhtMethod.FindNode, Mno), (find.Method, find.Target));

        KrpcMessage get = Read("d1:ad2:id20:abcdefghij01234567899:info_hash20:mnopqrstuvwxyz123456e1:q9:get_peers1:t2:aa1:y1:qe");
        Assert.Equal((DhtMethod.GetPeers, Mno), (get.Method, get.Target));

        KrpcMessage peers = Read("d1:rd2:id20:abcdefghij01234567895:token8:aoeusnth6:valuesl6:axje.u6:idhtnmee1:t2:aa1:y1:re");
        Assert.Equal("aoeusnth"u8, peers.Token);
        Assert.Equal("l6:axje.u6:idhtnme"u8, peers.Values);

        KrpcMessage announce = Read(
            "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e5:token8:aoeusnthe"
            + "1:q13:announce_peer1:t2:aa1:y1:qe");
        Assert.Equal((DhtMethod.AnnouncePeer, 6881, true), (announce.Method, announce.Port, announce.ImpliesPort));

        KrpcMessage error = Read("d1:eli201e23:A Generic Error Ocurrede1:t2:aa1:y1:ee");
        Assert.Equal((KrpcKind.Error, 201), (error.Kind, error.ErrorCode));
        Assert.Equal("A Generic Error Ocurred"u8, error.ErrorText);
    }

    [Fact]
    public void A_message_that_is_written_is_read_back()
    {
        KrpcWriter writer = new();
        byte[] query = writer.WriteQuery(0x61626364, Abc, isReadOnly: true, new KrpcQuery
        {
            Method = DhtMethod.AnnouncePeer,
            Target = Mno,
            Port = 6881,
            ImpliesPort = true,
            IsSeed = true,
            Token = "token"u8,
        }).ToArray();
        Assert.Equal(
            "d1:ad2:id20:abcdefghij012345678912:implied_porti1e9:info_hash20:mnopqrstuvwxyz1234564:porti6881e4:seedi1e5:token5:tokene"
            + "1:q13:announce_peer2:roi1e1:t4:abcd1:v4:FS\0\u00011:y1:qe",
            Encoding.Latin1.GetString(query));

        NodeInfo[] nodes = [DhtRig.Node(1), DhtRig.Node(2)];
        NodeInfo[] nodes6 = [new(Mno, DhtRig.Address("[2001:db9::1]:6881"))];
        KrpcMessage answer = Read(Encoding.Latin1.GetString(writer.WriteAnswer("xy"u8, Abc, new KrpcAnswer
        {
            SeenAs = DhtRig.Address("1.2.3.4:5"),
            Nodes = nodes,
            Nodes6 = nodes6,
            Values = [DhtRig.Address("9.8.7.6:54")],
        })));
        Assert.Equal(nodes[1], NodeInfo.Read(answer.Nodes[NodeInfo.V4Length..]));
        Assert.Equal(nodes6[0], NodeInfo.Read(answer.Nodes6));
        Assert.Equal(DhtRig.Address("1.2.3.4:5"), answer.SeenAs);
        Assert.Equal("l6:\u0009\u0008\u0007\u0006\u00006e"u8, answer.Values);
    }

    [Theory]
    [InlineData("", KrpcFault.NotAMessage)]
    [InlineData("le", KrpcFault.NotAMessage)]
    [InlineData("d1:t2:aa1:y1:qe", KrpcFault.NotAMessage)]
    [InlineData("d1:q4:ping1:t0:1:y1:qe", KrpcFault.NotAMessage)]
    [InlineData("d1:q4:ping1:t2:aa1:y1:qe", KrpcFault.NoSender)]
    [InlineData("d1:ade1:q4:ping1:t2:aa1:y1:qe", KrpcFault.NoSender)]
    [InlineData("d1:rd2:id20:mnopqrstuvwxyz123456e1:t2:aa1:y1:qe", KrpcFault.NotAMessage)]
    [InlineData("d1:ad2:id19:abcdefghij012345678e1:q4:ping1:t2:aa1:y1:qe", KrpcFault.InvalidField)]
    [InlineData("d1:ad2:idi5ee1:q4:ping1:t2:aa1:y1:qe", KrpcFault.InvalidField)]
    [InlineData("d1:ad2:id20:abcdefghij01234567896:target3:mnoe1:q9:find_node1:t2:aa1:y1:qe", KrpcFault.InvalidField)]
    [InlineData("d1:ad2:id20:abcdefghij01234567894:porti65536ee1:q4:ping1:t2:aa1:y1:qe", KrpcFault.InvalidField)]
    [InlineData("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:xe", KrpcFault.InvalidField)]
    [InlineData("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:qegarbage", KrpcFault.NotBencoded)]
    [InlineData("d1:ad2:id20:abcdefghij0123456789e1:q4:ping1:t2:aa1:y1:q", KrpcFault.NotBencoded)]
    public void Data_that_is_not_a_message_is_refused(string datagram, object fault) =>
        Assert.Equal((KrpcFault)fault, KrpcReader.TryRead(Encoding.Latin1.GetBytes(datagram), out _));

    [Theory]
    [InlineData("nodes", 25)]
    [InlineData("nodes", 27)]
    [InlineData("nodes6", 37)]
    public void Node_lists_of_odd_length_are_refused(string key, int length) => Assert.Equal(
        KrpcFault.InvalidField,
        KrpcReader.TryRead(
            Encoding.Latin1.GetBytes(
                $"d1:rd2:id20:mnopqrstuvwxyz123456{key.Length}:{key}{length}:{new string('x', length)}e1:t2:aa1:y1:re"),
            out _));

    [Fact]
    public void Deep_and_long_messages_are_refused()
    {
        string deep = "d1:ad2:id20:abcdefghij01234567891:x" + new string('l', 900) + new string('e', 900) + "e1:q4:ping1:t2:aa1:y1:qe";
        Assert.Equal(KrpcFault.NotBencoded, KrpcReader.TryRead(Encoding.Latin1.GetBytes(deep), out _));
        byte[] @long = Encoding.Latin1.GetBytes($"d1:ad2:id20:abcdefghij01234567891:x2000:{new string('x', 2000)}e1:q4:ping1:t2:aa1:y1:qe");
        Assert.Equal(KrpcFault.NotBencoded, KrpcReader.TryRead(@long, out _));
        string many = "d1:ad2:id20:abcdefghij01234567891:xl" + string.Concat(Enumerable.Repeat("i1e", 600)) + "ee1:q4:ping1:t2:aa1:y1:qe";
        Assert.Equal(KrpcFault.NotBencoded, KrpcReader.TryRead(Encoding.Latin1.GetBytes(many), out _));
    }

    [Fact]
    public void Keys_in_any_order_and_unknown_fields_are_accepted()
    {
        KrpcMessage message = Read("d1:y1:q1:t2:aa1:q4:ping1:v4:UT\u000111:zd1:xlee1:ad4:wantl2:n62:n4e2:id20:abcdefghij0123456789ee");
        Assert.Equal((DhtMethod.Ping, AddressFamilies.V4 | AddressFamilies.V6), (message.Method, message.Want));
    }

    [Fact]
    public void Reading_and_writing_allocate_nothing()
    {
        KrpcWriter writer = new();
        byte[] datagram = writer.WriteQuery(
            1, Abc, isReadOnly: false, new KrpcQuery { Method = DhtMethod.FindNode, Target = Mno }).ToArray();
        _ = KrpcReader.TryRead(datagram, out _);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            writer.WriteQuery(1, Abc, isReadOnly: false, new KrpcQuery { Method = DhtMethod.FindNode, Target = Mno });
            _ = KrpcReader.TryRead(datagram, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static KrpcMessage Read(string datagram)
    {
        Assert.Equal(KrpcFault.None, KrpcReader.TryRead(Encoding.Latin1.GetBytes(datagram), out KrpcMessage message));
        return message;
    }
}
