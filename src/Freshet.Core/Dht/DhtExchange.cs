using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>A received datagram: its sender, its length, the side that received it, and when.</summary>
internal readonly record struct DhtExchange(NodeAddress Sender, int Length, DhtSide Side, Timestamp Now);
