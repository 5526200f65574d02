using System.Text;
using AIOrleans.Core.Callers;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;
using AIOrleans.Core.Money;
using AIOrleans.Core.Usage;
using AIOrleans.Gateway.Holds;
using AIOrleans.Protocols.Calls;
using AIOrleans.Protocols.Chat;

namespace AIOrleans.Gateway.Tests.Holds;

public sealed class HoldPlannerTests
{
    private static readonly Caller Caller = Core.Callers.Caller.Of(
        new KeyConfig("acme", "eng", "k1", "dev", null, null, "", [], LimitsConfig.None, AccessConfig.Default, null, false), null, null, null, null, null);

    private static readonly ModelConfig Model = new("gpt-4o", [], null, true, 128_000, 4_000);

    private static readonly ModelPrices Free = new([], []);

    [Fact]
    public void Expects_what_calls_of_the_same_key_and_model_have_used()
    {
        var planner = new HoldPlanner(new Estimators());
        CallFacts request = Request();
        for (int i = 0; i < 50; i++)
        {
            planner.Learn(Caller, Model, request, new TokenUsage { UncachedInput = 40, Output = 100 });
        }

        HoldPlan plan = planner.PlanOf(Caller, Model, Free, request);

        // An estimate is at most 19 % above the longest answers; the input is known exactly, also to an attempt that tells nothing.
        Assert.Equal(40, plan.ExpectedInputTokens);
        Assert.InRange(plan.Expected.Tokens, 140, 40 + 119);
        Assert.True(plan.Worst.Tokens > 4_000);
    }

    [Fact]
    public void A_call_for_several_answers_teaches_the_length_of_one()
    {
        var planner = new HoldPlanner(new Estimators());
        for (int i = 0; i < 50; i++)
        {
            planner.Learn(Caller, Model, Request(answers: 4), new TokenUsage { UncachedInput = 40, Output = 400 });
        }

        Assert.InRange(planner.PlanOf(Caller, Model, Free, Request()).Expected.Tokens, 120, 170);
        Assert.InRange(planner.PlanOf(Caller, Model, Free, Request(answers: 4)).Expected.Tokens, 420, 4 * 130);
    }

    [Fact]
    public void A_list_of_texts_is_expected_to_fill_more_than_one_context()
    {
        string texts = string.Join(',', Enumerable.Repeat($"\"{new string('x', 300_000)}\"", 4));

        // ! The body is right.
        CallFacts request = CallReader.Read(Encoding.UTF8.GetBytes($$"""{"model":"m","input":[{{texts}}]}"""), WireFormat.OpenAiEmbeddings).Call!;
        HoldPlan plan = new HoldPlanner(new Estimators()).PlanOf(Caller, Model, Free, request);
        Assert.InRange(plan.ExpectedInputTokens, 2 * 128_000, 4 * 128_000);
        Assert.Equal(4 * 128_000, plan.Worst.Tokens);
    }

    private static CallFacts Request(int answers = 1)
    {
        string json = $$"""{"model":"gpt-4o","n":{{answers}},"messages":[{"role":"user","content":"{{new string('x', 80)}}"}]}""";

        // ! The body is right.
        return CallReader.Read(Encoding.UTF8.GetBytes(json), WireFormat.OpenAiChat).Call!;
    }
}
