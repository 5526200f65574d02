using System.Text;
using AIOrleans.Protocols.Forms;
using AIOrleans.Protocols.Tests.Translation;

namespace AIOrleans.Protocols.Tests.Forms;

public sealed class FormReaderTests
{
    private const string NoName = "a part has no Content-Disposition that names a field, or more than one";

    private const string Good =
        "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper\r\n--b\r\ncontent-type: audio/wav\r\n"
        + "content-disposition: form-data; name=file; filename=\"a;b.wav\"; filename*=utf-8''a\r\n\r\n\0\r\n--\r\n\r\n--b--\r\n";

    [Fact]
    public void Finds_every_part_with_its_name_and_its_bytes()
    {
        byte[] body = Encoding.Latin1.GetBytes(Good);
        (IReadOnlyList<FormPart>? parts, string? fault) = FormReader.Read(body, "b");

        Assert.Null(fault);
        Assert.Equal(
            [("model", false, "whisper"), ("file", true, "\0\r\n--\r\n")],
            parts?.Select(part => (part.Name, part.IsFile, Encoding.Latin1.GetString(body, part.Content.Start, part.Content.Length))));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=b", "b")]
    [InlineData("Multipart/Form-Data;charset=utf-8; Boundary=\"a b?\"", "a b?")]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/form-data; boundary=", null)]
    [InlineData("multipart/form-data; boundary=a; boundary=b", null)]
    [InlineData("multipart/form-data; boundary=a b", null)]
    [InlineData("multipart/form-data; boundary=\"a \"", null)]
    [InlineData("multipart/mixed; boundary=b", null)]
    [InlineData("application/json", null)]
    [InlineData("multipart/form-data; boundary=\u00e9", null)]
    [InlineData(null, null)]
    public void Finds_the_boundary(string? contentType, string? boundary) => Assert.Equal(boundary, FormReader.BoundaryOf(contentType));

    [Theory]
    [InlineData("", "it does not begin with the boundary that its Content-Type names")]
    [InlineData("x--b\r\n", "it does not begin with the boundary that its Content-Type names")]
    [InlineData("--b", "a boundary stands where none can be")]
    [InlineData("--bb\r\n", "a boundary stands where none can be")]
    [InlineData("--b--x", "something follows its last boundary")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\n", "the headers of a part do not end, or have more than 8192 bytes")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "its last part is not ended by the boundary")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\n--b: x\r\n\r\nx\r\n--b--", "a boundary stands where none can be")]
    [InlineData("--b\r\n--b: x\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--b--", "a boundary stands where none can be")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b\r\n\r\n--b--", "a boundary stands where none can be")]
    [InlineData("--b\r\n\r\nx\r\n--b--", "the headers of a part do not end, or have more than 8192 bytes")]
    [InlineData("--b\r\nA: b\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a; name*=utf-8''b\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\\\"; b=\"c\"\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"a\\b\"\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\nContent-Disposition: form-data; name=b\r\n\r\nx\r\n--b--", NoName)]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\n b\r\n\r\nx\r\n--b--", "a part has a header that is none")]
    [InlineData("--b\r\nContent-Disposition : form-data; name=a\r\n\r\nx\r\n--b--", "a part has a header that is none")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\nx\r\n--b--", "a part has a header that is none")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=a\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--b--", "a part has a Content-Transfer-Encoding, which forms do not")]
    public void Refuses_what_two_readers_could_understand_differently(string body, string fault) =>
        Assert.Equal((null, fault), FormReader.Read(Encoding.Latin1.GetBytes(body), "b"));

    [Fact]
    public void Takes_so_many_parts_and_no_more()
    {
        string Parts(int count) => string.Concat(Enumerable.Repeat("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n", count)) + "--b--";
        Assert.Equal(FormReader.PartsMax, FormReader.Read(Encoding.Latin1.GetBytes(Parts(FormReader.PartsMax)), "b").Parts?.Count);
        Assert.Equal("it has more than 128 parts", FormReader.Read(Encoding.Latin1.GetBytes(Parts(FormReader.PartsMax + 1)), "b").Fault);
    }

    [Fact]
    public void Never_throws_whatever_the_bytes_and_the_parts_that_it_finds_are_all_there_is()
    {
        byte[] source = Encoding.Latin1.GetBytes(Good);
        Random random = new(8);
        int read = 0;
        for (int i = 0; i < 200_000; i++)
        {
            byte[] body = Mutation.Of(source, random);
            (IReadOnlyList<FormPart>? parts, string? fault) = FormReader.Read(body, "b");
            Assert.True(parts is null != fault is null);
            if (parts is not null)
            {
                read++;
                Assert.Equal(((byte[])[(byte)'\r', (byte)'\n', .. body]).AsSpan().Count("\r\n--b"u8), parts.Count + 1);
                Assert.All(parts, part => Assert.True(part.Name.Length > 0 && part.Content.Start > 0 && part.Content.End <= body.Length));
            }
        }

        // Enough must get through for the contents to have been tried too.
        Assert.InRange(read, 1_000, 200_000);
    }
}
