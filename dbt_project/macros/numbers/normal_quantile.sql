{% macro normal_quantile(below, above) -%}
    {#-
      The point that parts a standard normal distribution in the ratio of the two (both above 0): Wichura's algorithm AS 241 (Applied
      Statistics 37, 1988, PPND16), exact to about 1e-16 relative. Three quotients of polynomials: near the middle, in the tails, far out in
      the tails. Exchanged, the two give its opposite to the last bit, so that what lies as far above the middle as below adds up to 0.
    -#}
    {%- set whole = "(" ~ below ~ " + " ~ above ~ ")" -%}
    {%- set from_middle = "((" ~ below ~ " - " ~ above ~ ") / (2e0 * " ~ whole ~ "))" -%}
    {%- set middle = "(0.180625e0 - " ~ from_middle ~ " * " ~ from_middle ~ ")" -%}
    {%- set tail = "sqrt(-ln(least(" ~ below ~ ", " ~ above ~ ") / " ~ whole ~ "))" -%}
    {%- set near, far = "(" ~ tail ~ " - 1.6e0)", "(" ~ tail ~ " - 5e0)" -%}
    case
        when abs({{ from_middle }}) <= 0.425e0
        then
            {{ from_middle }}
            * {{
                polynomial(
                    middle,
                    [
                        "3.3871328727963666080e0",
                        "1.3314166789178437745e2",
                        "1.9715909503065514427e3",
                        "1.3731693765509461125e4",
                        "4.5921953931549871457e4",
                        "6.7265770927008700853e4",
                        "3.3430575583588128105e4",
                        "2.5090809287301226727e3",
                    ],
                )
            }}
            / {{
                polynomial(
                    middle,
                    [
                        "1e0",
                        "4.2313330701600911252e1",
                        "6.8718700749205790830e2",
                        "5.3941960214247511077e3",
                        "2.1213794301586595867e4",
                        "3.9307895800092710610e4",
                        "2.8729085735721942674e4",
                        "5.2264952788528545610e3",
                    ],
                )
            }}
        when {{ tail }} <= 5e0
        then
            sign({{ from_middle }})
            * {{
                polynomial(
                    near,
                    [
                        "1.42343711074968357734e0",
                        "4.63033784615654529590e0",
                        "5.76949722146069140550e0",
                        "3.64784832476320460504e0",
                        "1.27045825245236838258e0",
                        "2.41780725177450611770e-1",
                        "2.27238449892691845833e-2",
                        "7.74545014278341407640e-4",
                    ],
                )
            }}
            / {{
                polynomial(
                    near,
                    [
                        "1e0",
                        "2.05319162663775882187e0",
                        "1.67638483018380384940e0",
                        "6.89767334985100004550e-1",
                        "1.48103976427480074590e-1",
                        "1.51986665636164571966e-2",
                        "5.47593808499534494600e-4",
                        "1.05075007164441684324e-9",
                    ],
                )
            }}
        else
            sign({{ from_middle }})
            * {{
                polynomial(
                    far,
                    [
                        "6.65790464350110377720e0",
                        "5.46378491116411436990e0",
                        "1.78482653991729133580e0",
                        "2.96560571828504891230e-1",
                        "2.65321895265761230930e-2",
                        "1.24266094738807843860e-3",
                        "2.71155556874348757815e-5",
                        "2.01033439929228813265e-7",
                    ],
                )
            }}
            / {{
                polynomial(
                    far,
                    [
                        "1e0",
                        "5.99832206555887937690e-1",
                        "1.36929880922735805310e-1",
                        "1.48753612908506148525e-2",
                        "7.86869131145613259100e-4",
                        "1.84631831751005468180e-5",
                        "1.42151175831644588870e-7",
                        "2.04426310338993978564e-15",
                    ],
                )
            }}
    end
{%- endmacro %}
