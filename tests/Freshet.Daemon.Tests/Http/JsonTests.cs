using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Freshet.Api;

namespace Freshet.Daemon.Tests.Http;

public class JsonTests
{
    [Fact]
    public async Task Bytes_that_are_null_stay_null_however_often_a_record_is_written()
    {
        for (int i = 0; i < 50; i++)
        {
            using JsonContent add = JsonContent.Create(new AddTorrent { Source = "x" }, JsonContext.Default.AddTorrent);
            using JsonContent inspect = JsonContent.Create(new InspectTorrent { Source = "x" }, JsonContext.Default.InspectTorrent);
            foreach (JsonContent content in (JsonContent[])[add, inspect])
            {
                JsonNode written = JsonNode.Parse(await content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
                Assert.Equal("x", (string?)written["source"]);
                Assert.Null(written["metainfo"]);
            }
        }
    }
}
