using System.Net.NetworkInformation;
using System.Net.Sockets;
using Freshet.Discovery.PortMapping;
using Freshet.Network;

namespace Freshet.Tests.Discovery.PortMapping;

public class GatewayTests
{
    [Fact]
    public void Interfaces_that_go_away_while_they_are_read_are_left_out()
    {
        GoneNetwork first = new(new NetworkInformationException());
        GoneNetwork second = new(new FileNotFoundException());
        Assert.Null(Gateway.Find(new NetworkBinding(), AddressFamily.InterNetwork, [first, second]));
        Assert.True(first.WasRead && second.WasRead);
    }

    private sealed class GoneNetwork(Exception error) : NetworkInterface
    {
        public bool WasRead { get; private set; }

        public override NetworkInterfaceType NetworkInterfaceType => NetworkInterfaceType.Ethernet;

        public override OperationalStatus OperationalStatus => OperationalStatus.Up;

        public override IPInterfaceProperties GetIPProperties()
        {
            WasRead = true;
            throw error;
        }
    }
}
